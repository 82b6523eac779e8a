-- execute: exo_public
-- The code that this visitor was sent at this mailbox, when it is the right one: five tries for each. Its id is
-- the proof that a hold keeps.
CREATE OR REPLACE FUNCTION confirm_code(p_mailbox text, p_visitor text, p_code text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  sent mailbox_codes;
BEGIN
  SELECT * INTO sent FROM mailbox_codes
  WHERE mailbox = p_mailbox AND visitor = p_visitor AND expires_at > now() AND tries < 5
  ORDER BY created_at DESC LIMIT 1 FOR UPDATE;
  UPDATE mailbox_codes SET tries = tries + 1, confirmed_at = CASE WHEN code = p_code THEN now() ELSE confirmed_at END
  WHERE id = sent.id;
  RETURN CASE WHEN sent.code = p_code THEN sent.id END;
END $$;
