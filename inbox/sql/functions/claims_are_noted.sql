-- execute: nobody
-- Who took a booking on, took it over from somebody, or gave it back: an event of the booking, whoever writes the row.
CREATE OR REPLACE FUNCTION claims_are_noted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  before bigint := CASE WHEN TG_OP = 'UPDATE' THEN OLD.assigned_to_id END;
BEGIN
  IF before IS DISTINCT FROM NEW.assigned_to_id THEN
    INSERT INTO booking_events (booking_id, kind, actor_kind, actor_id)
    VALUES (
      NEW.booking_id,
      CASE WHEN NEW.assigned_to_id IS NULL THEN 'given_back' WHEN before IS NULL THEN 'claimed' ELSE 'taken_over' END,
      CASE acting_role() WHEN 'exo_staff' THEN 'staff' WHEN 'exo_service' THEN 'job' ELSE 'database' END,
      nullif(current_setting('app.user_id', true), '')::bigint
    );
  END IF;
  RETURN NULL;
END $$;
