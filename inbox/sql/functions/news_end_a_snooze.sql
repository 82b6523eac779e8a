-- execute: nobody
-- A booking that was put aside comes back when something new is to be looked at; the public, whose news it often is, may
-- not reach the row.
CREATE OR REPLACE FUNCTION news_end_a_snooze() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE inbox_triage SET snoozed_until = NULL WHERE booking_id = NEW.booking_id AND snoozed_until IS NOT NULL;
  RETURN NULL;
END $$;
