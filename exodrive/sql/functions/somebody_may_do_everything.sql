-- execute: PUBLIC
-- Whatever way it is tried, the last active superuser stays one: nobody else could let anybody in again. One at a
-- time, as in `exodrive.staff.users`: two who close each other at once would each see the other still there.
CREATE OR REPLACE FUNCTION somebody_may_do_everything() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.is_active AND NEW.is_superuser THEN
    RETURN NEW;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('superusers'));
  IF NOT EXISTS (SELECT 1 FROM users u WHERE u.is_active AND u.is_superuser AND u.id <> OLD.id) THEN
    RAISE EXCEPTION 'the last active superuser stays one'
      USING ERRCODE = '23514', CONSTRAINT = 'somebody_may_do_everything';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$;
