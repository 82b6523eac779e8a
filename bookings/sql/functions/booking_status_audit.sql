-- execute: PUBLIC
-- Writes every move of a booking down. Definer: the roles that move bookings may not write the history
-- themselves.
CREATE OR REPLACE FUNCTION booking_status_audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.status = OLD.status THEN
    RETURN NULL;
  END IF;
  INSERT INTO booking_status_changes (booking_id, from_status, to_status, actor_kind, actor_id, reason, at)
  VALUES (
    NEW.id,
    CASE WHEN TG_OP = 'UPDATE' THEN OLD.status ELSE '' END,
    NEW.status,
    CASE acting_role()
      WHEN 'exo_public' THEN 'customer'
      WHEN 'exo_staff' THEN 'staff'
      WHEN 'exo_service' THEN CASE WHEN current_setting('app.actor', true) = 'provider' THEN 'provider' ELSE 'job' END
      ELSE 'database'
    END,
    nullif(current_setting('app.user_id', true), '')::bigint,
    coalesce(current_setting('app.reason', true), ''),
    clock_timestamp()
  );
  RETURN NULL;
END $$;
