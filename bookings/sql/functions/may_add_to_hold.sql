-- execute: exo_public
-- As `may_add_to_booking`, for days: to the request's own hold, or to one that this very transaction has
-- made.
CREATE OR REPLACE FUNCTION may_add_to_hold(p_hold uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p_hold = app_hold_id() OR EXISTS (SELECT 1 FROM holds WHERE id = p_hold AND written_now(xmin))
$$;
