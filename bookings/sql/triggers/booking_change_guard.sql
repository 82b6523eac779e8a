-- guards: what a customer agreed to: dates, car and price, once the rental has begun
CREATE OR REPLACE TRIGGER booking_change_guard BEFORE UPDATE OF
  start_date, end_date, car_id, buffer_days, quote, terms, total, deposit, delivery ON bookings
  FOR EACH ROW EXECUTE FUNCTION booking_change_guard();
