-- execute: exo_public
-- Whether a row is of this very transaction, read from the transaction that wrote it, which nobody can
-- forge. `xmin` has 32 bits of the 64-bit transaction number; ours, savepoints included, are at or just
-- after the current one.
CREATE OR REPLACE FUNCTION written_now(p_xmin xid) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
  ours bigint := pg_current_xact_id()::text::bigint;
  theirs bigint := ours - ours % 4294967296 + p_xmin::text::bigint;
BEGIN
  IF theirs < ours THEN
    theirs := theirs + 4294967296;
  END IF;
  IF theirs - ours > 2147483648 THEN
    RETURN false;
  END IF;
  RETURN pg_xact_status(theirs::text::xid8) = 'in progress';
END $$;
