-- guards: a booking's seats, at commit: none too few
CREATE CONSTRAINT TRIGGER seats_of_a_booking_go AFTER DELETE ON departure_seats
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.booking_id IS NOT NULL) EXECUTE FUNCTION booking_is_whole();
