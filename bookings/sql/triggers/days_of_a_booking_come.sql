-- guards: a booking's days, at commit: none too many
CREATE CONSTRAINT TRIGGER days_of_a_booking_come AFTER INSERT ON car_availability
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.booking_id IS NOT NULL) EXECUTE FUNCTION booking_is_whole();
