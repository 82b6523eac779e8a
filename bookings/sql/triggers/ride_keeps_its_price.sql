-- guards: the price of a ride whose hours, way or people the public changes
CREATE CONSTRAINT TRIGGER ride_keeps_its_price AFTER UPDATE ON rides
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (acting_role() = 'exo_public' AND (
    OLD.service_id, OLD.car_class_id, OLD.starts_at, OLD.ends_at, OLD.from_place_id, OLD.to_place_id,
    OLD.passengers, OLD.children, OLD.bags, OLD.distance_km
  ) IS DISTINCT FROM (
    NEW.service_id, NEW.car_class_id, NEW.starts_at, NEW.ends_at, NEW.from_place_id, NEW.to_place_id,
    NEW.passengers, NEW.children, NEW.bags, NEW.distance_km
  )) EXECUTE FUNCTION ride_is_priced();
