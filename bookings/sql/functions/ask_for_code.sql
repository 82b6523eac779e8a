-- execute: exo_public, exo_staff
-- Sends a code to a mailbox, for the visitor who typed it: one a minute, five an hour. The database draws it, and
-- the public never reads it. False when one was sent a moment ago.
CREATE OR REPLACE FUNCTION ask_for_code(p_mailbox text, p_visitor text, p_language text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  made uuid := gen_random_uuid();
  drawn bigint := ('x' || right(encode(uuid_send(gen_random_uuid()), 'hex'), 12))::bit(48)::bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(10, hashtext(p_mailbox));
  IF EXISTS (SELECT 1 FROM mailbox_codes WHERE mailbox = p_mailbox AND created_at > now() - interval '1 minute')
    OR 5 <= (SELECT count(*) FROM mailbox_codes WHERE mailbox = p_mailbox AND created_at > now() - interval '1 hour') THEN
    RETURN false;
  END IF;
  INSERT INTO mailbox_codes (id, mailbox, visitor, language, code, tries, expires_at)
  VALUES (made, p_mailbox, p_visitor, p_language, lpad((drawn % 1000000)::text, 6, '0'), 0, now() + interval '15 minutes');
  INSERT INTO inbox_emails (id, code_id, audience, template, language, status, attempts, recipient, error)
  VALUES (gen_random_uuid(), made, 'customer', 'mailbox_code', p_language, 'queued', 0, '', '');
  RETURN true;
END $$;
