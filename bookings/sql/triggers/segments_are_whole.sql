-- guards: a booking's cars, at commit: one after the other, with its days on each
CREATE CONSTRAINT TRIGGER segments_are_whole AFTER INSERT OR UPDATE OR DELETE ON booking_segments
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION booking_is_whole();
