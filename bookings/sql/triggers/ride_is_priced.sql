-- guards: the price of a ride, at commit, where the public wrote it: who it was is asked when it is written
CREATE CONSTRAINT TRIGGER ride_is_priced AFTER INSERT OR UPDATE OF quote, total, deposit, currency, car_id ON bookings
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.kind <> 'rental' AND acting_role() = 'exo_public') EXECUTE FUNCTION ride_is_priced();
