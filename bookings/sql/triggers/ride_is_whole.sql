-- guards: a booking's ride, at commit: its spans say the same
CREATE CONSTRAINT TRIGGER ride_is_whole AFTER INSERT OR UPDATE OR DELETE ON rides
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION booking_is_whole();
