-- execute: exo_public
-- Erases the person whose mailbox has confirmed the request of this token. What cannot be erased yet becomes
-- an item for staff, and is tried again every day.
CREATE OR REPLACE FUNCTION confirm_erasure(OUT outcome text, OUT unfinished text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  asked data_requests;
BEGIN
  SELECT * INTO asked FROM data_requests r
  WHERE token_hash = current_setting('app.token_hash', true) AND expires_at > now() AND kind = 'erasure';
  IF asked.id IS NULL OR asked.outcome = 'done' THEN
    outcome := asked.outcome;
    RETURN;
  END IF;
  SELECT e.unfinished INTO unfinished FROM erase_mailbox(asked.mailbox) e;
  outcome := CASE WHEN unfinished IS NULL THEN 'done' ELSE 'waiting' END;
  UPDATE data_requests r SET confirmed_at = now(), outcome = confirm_erasure.outcome WHERE id = asked.id;
  IF unfinished IS NOT NULL THEN
    INSERT INTO inbox_items (id, booking_id, kind, status) VALUES (gen_random_uuid(), asked.booking_id, 'erasure', 'pending')
    ON CONFLICT (booking_id, kind) DO UPDATE SET status = 'pending', done_at = NULL, done_by_id = NULL;
  END IF;
END $$;
