-- execute: PUBLIC
-- Nobody changes what was written down, nor deletes what is younger than a month, the schema's owner included.
CREATE OR REPLACE FUNCTION security_events_are_append_only() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.created_at < now() - interval '30 days' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'security events are never changed, nor deleted in their first month'
    USING ERRCODE = '23514', CONSTRAINT = 'security_events_are_append_only';
END $$;
