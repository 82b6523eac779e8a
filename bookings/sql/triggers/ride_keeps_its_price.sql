-- guards: the price of a ride of which the public changes anything but what only its driver has to know
CREATE CONSTRAINT TRIGGER ride_keeps_its_price AFTER UPDATE ON rides
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (acting_role() = 'exo_public'
    AND to_jsonb(OLD) - '{from_text,to_text,flight_number,sign_name,updated_at}'::text[]
      IS DISTINCT FROM to_jsonb(NEW) - '{from_text,to_text,flight_number,sign_name,updated_at}'::text[]
  ) EXECUTE FUNCTION ride_is_priced();
