-- guards: the history of a booking's status: no move goes unwritten
CREATE OR REPLACE TRIGGER booking_status_audit AFTER INSERT OR UPDATE OF status ON bookings
  FOR EACH ROW EXECUTE FUNCTION booking_status_audit();
