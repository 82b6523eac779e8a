-- execute: PUBLIC
-- Writes down who gave the keys and who took that back. Definer: the roles that do it may not write the history
-- themselves.
CREATE OR REPLACE FUNCTION hand_over_audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.handed_over_at IS DISTINCT FROM OLD.handed_over_at THEN
    INSERT INTO booking_events (booking_id, kind, actor_kind, actor_id)
    VALUES (
      NEW.id,
      CASE WHEN NEW.handed_over_at IS NULL THEN 'hand_over_undone' ELSE 'handed_over' END,
      CASE acting_role()
        WHEN 'exo_public' THEN 'customer' WHEN 'exo_staff' THEN 'staff' WHEN 'exo_service' THEN 'job' ELSE 'database'
      END,
      nullif(current_setting('app.user_id', true), '')::bigint
    );
  END IF;
  RETURN NULL;
END $$;
