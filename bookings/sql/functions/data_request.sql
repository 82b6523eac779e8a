-- execute: exo_public
-- Which request about personal data the token opens, and how far it is.
CREATE OR REPLACE FUNCTION data_request(OUT kind text, OUT outcome text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT r.kind, r.outcome FROM data_requests r
  WHERE token_hash = current_setting('app.token_hash', true) AND expires_at > now()
$$;
