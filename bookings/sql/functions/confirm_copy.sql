-- execute: exo_public
-- What is held about the person whose mailbox has confirmed the request of this token, which is the one that
-- its link was mailed to; null for any other token.
CREATE OR REPLACE FUNCTION confirm_copy() RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  asked data_requests;
BEGIN
  UPDATE data_requests SET confirmed_at = now(), outcome = 'done'
  WHERE token_hash = current_setting('app.token_hash', true) AND expires_at > now() AND kind = 'copy'
  RETURNING * INTO asked;
  IF asked.id IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM note_event(asked.booking_id, 'copy_given');
  RETURN data_of_mailbox(asked.mailbox);
END $$;
