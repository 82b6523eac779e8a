-- guards: a booking's hours, at commit: none too many
CREATE CONSTRAINT TRIGGER spans_of_a_booking_come AFTER INSERT ON vehicle_assignments
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.booking_id IS NOT NULL) EXECUTE FUNCTION booking_is_whole();
