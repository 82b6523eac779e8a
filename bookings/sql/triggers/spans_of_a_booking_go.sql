-- guards: a booking's hours, at commit: none too few
CREATE CONSTRAINT TRIGGER spans_of_a_booking_go AFTER DELETE ON vehicle_assignments
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.booking_id IS NOT NULL) EXECUTE FUNCTION booking_is_whole();
