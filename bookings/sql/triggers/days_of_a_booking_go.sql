-- guards: a booking's days, at commit: none too few
CREATE CONSTRAINT TRIGGER days_of_a_booking_go AFTER DELETE ON car_availability
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.booking_id IS NOT NULL) EXECUTE FUNCTION booking_is_whole();
