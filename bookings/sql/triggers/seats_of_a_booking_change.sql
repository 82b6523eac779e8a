-- guards: a booking's seats, at commit: the right ones, whoever had them before
CREATE CONSTRAINT TRIGGER seats_of_a_booking_change AFTER UPDATE ON departure_seats
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.booking_id IS NOT NULL OR NEW.booking_id IS NOT NULL) EXECUTE FUNCTION booking_is_whole();
