-- execute: PUBLIC
-- A rental, hold or block takes over a service day whose holds have all lapsed, by the claim that it always makes: their
-- spans go. Of a live span the foreign key refuses it. Definer: whoever claims may not delete others' spans.
CREATE OR REPLACE FUNCTION sweep_lapsed_spans() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM vehicle_assignments WHERE car_id = OLD.car_id AND date = OLD.date AND expires_at <= now();
  RETURN NULL;
END $$;
