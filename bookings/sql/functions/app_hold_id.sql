-- execute: exo_public, exo_staff, exo_service
-- The hold that the token of the request opens. Definer, so that nobody needs to read tokens.
CREATE OR REPLACE FUNCTION app_hold_id() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT id FROM holds WHERE token_hash = current_setting('app.token_hash', true)
$$;
