-- execute: nobody
-- Each transaction that writes days leaves the cars whose days they were and are, under its own number. Only new rows,
-- so nobody waits for anybody. See `bookings.availability.fleet.taken`.
CREATE OR REPLACE FUNCTION note_ledger_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    INSERT INTO ledger_changes (car_id, xid, created_at, updated_at)
    VALUES (NULL, pg_current_xact_id()::text::bigint, now(), now());
    RETURN NULL;
  END IF;
  INSERT INTO ledger_changes (car_id, xid, created_at, updated_at)
  SELECT DISTINCT car_id, pg_current_xact_id()::text::bigint, now(), now() FROM written;
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO ledger_changes (car_id, xid, created_at, updated_at)
    SELECT DISTINCT car_id, pg_current_xact_id()::text::bigint, now(), now() FROM before
    WHERE car_id NOT IN (SELECT car_id FROM written);
  END IF;
  RETURN NULL;
END $$;
