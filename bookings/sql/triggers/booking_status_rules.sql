-- guards: the status of a booking: it moves as `bookings.lifecycle.transitions` says, whoever moves it
CREATE OR REPLACE TRIGGER booking_status_rules BEFORE INSERT OR UPDATE OF status ON bookings
  FOR EACH ROW EXECUTE FUNCTION booking_status_rules();
