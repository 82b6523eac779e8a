-- guards: the price of a ride whose hours, way or people the public changes
CREATE CONSTRAINT TRIGGER ride_keeps_its_price AFTER UPDATE ON rides
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (acting_role() = 'exo_public') EXECUTE FUNCTION ride_is_priced();
