-- execute: exo_public, exo_staff, exo_service
-- The booking that the token of the request opens. Definer, so that nobody needs to read tokens. The wall of
-- the PIN stands here: a link with one opens nothing until the request also carries the PIN's hash
-- (`app.pin`). No view can forget it, and a stolen link alone is worth nothing to whoever can read as
-- exo_public.
CREATE OR REPLACE FUNCTION app_booking_id() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT booking_id FROM booking_secure_tokens
  WHERE token_hash = current_setting('app.token_hash', true) AND expires_at > now() AND pin_hash IN ('', current_setting('app.pin', true))
$$;
