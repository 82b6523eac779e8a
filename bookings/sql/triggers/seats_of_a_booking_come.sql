-- guards: a booking's seats, at commit: none too many
CREATE CONSTRAINT TRIGGER seats_of_a_booking_come AFTER INSERT ON departure_seats
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.booking_id IS NOT NULL) EXECUTE FUNCTION booking_is_whole();
