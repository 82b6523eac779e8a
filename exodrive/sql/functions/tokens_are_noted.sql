-- execute: nobody
-- No token is made or ended without an event, whatever made or ended it.
CREATE OR REPLACE FUNCTION tokens_are_noted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO security_events (id, created_at, updated_at, kind, user_id, actor_id, network, detail)
  VALUES (
    gen_random_uuid(), clock_timestamp(), clock_timestamp(), CASE TG_OP WHEN 'INSERT' THEN 'token_made' ELSE 'token_ended' END, NEW.user_id,
    nullif(current_setting('app.user_id', true), '')::bigint, '', NEW.hint
  );
  RETURN NULL;
END $$;
