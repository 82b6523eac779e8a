-- guards: the price of a booking: the public writes none that the site would not say
CREATE OR REPLACE TRIGGER booking_is_priced BEFORE INSERT OR UPDATE OF
  start_date, end_date, car_id, quote, terms, total, deposit, currency ON bookings
  FOR EACH ROW EXECUTE FUNCTION booking_is_priced();
