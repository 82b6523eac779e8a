-- guards: a booking, at commit: its days, its link, its places, its item in the inbox, its customer
CREATE CONSTRAINT TRIGGER booking_is_whole AFTER INSERT OR UPDATE OF
  status, car_id, start_date, end_date, buffer_days, handed_over_at, returned_at, kept_until, customer_id, mailbox ON bookings
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION booking_is_whole();
