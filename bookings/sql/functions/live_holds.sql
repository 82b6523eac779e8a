-- execute: exo_public, exo_staff, exo_service
-- How many cars a visitor holds. Makes rivals of the same visitor queue.
CREATE OR REPLACE FUNCTION live_holds(p_visitor text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(9, hashtext(p_visitor));
  RETURN (
    SELECT count(*) FROM holds
    WHERE visitor = p_visitor AND booking_id IS NULL AND expires_at > now()
  );
END $$;
