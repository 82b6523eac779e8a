-- execute: PUBLIC
-- Writes down which block was removed and by whom. Definer: the roles that remove blocks may not write the history
-- themselves.
CREATE OR REPLACE FUNCTION block_removal_audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO block_events (created_at, updated_at, car_id, start_date, end_date, kind, reason, actor_id)
  VALUES (
    clock_timestamp(),
    clock_timestamp(),
    OLD.car_id,
    OLD.start_date,
    OLD.end_date,
    OLD.kind,
    OLD.note,
    nullif(current_setting('app.user_id', true), '')::bigint
  );
  RETURN NULL;
END $$;
