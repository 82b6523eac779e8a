-- guards: a booking's days, at commit: the right ones, whoever had them before
CREATE CONSTRAINT TRIGGER days_of_a_booking_change AFTER UPDATE ON car_availability
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.booking_id IS NOT NULL OR NEW.booking_id IS NOT NULL) EXECUTE FUNCTION booking_is_whole();
