-- execute: PUBLIC
-- A booking's link lives until some days after the return: when the return moves later, so does the link's
-- end. Definer, because customers may move their return but never write a link. Days moved to and fro do not
-- push it further than a link may last (`link_may_last_until`).
CREATE OR REPLACE FUNCTION link_follows_return() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE booking_secure_tokens
  SET expires_at = greatest(
    expires_at, least(expires_at + (NEW.end_date - OLD.end_date) * interval '1 day', link_may_last_until(NEW.id))
  )
  WHERE booking_id = NEW.id AND NEW.end_date > OLD.end_date;
  RETURN NULL;
END $$;
