-- guards: a booking's hours, at commit: the right ones, whoever had them before
CREATE CONSTRAINT TRIGGER spans_of_a_booking_change AFTER UPDATE ON vehicle_assignments
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.booking_id IS NOT NULL OR NEW.booking_id IS NOT NULL) EXECUTE FUNCTION booking_is_whole();
