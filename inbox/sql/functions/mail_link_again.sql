-- execute: exo_public, exo_staff, exo_service
-- Queues a mail with the booking's link and answers nothing: nobody learns who has a booking. One mail in
-- five minutes. A link without PIN stays as it is and is mailed again; one with a PIN is replaced, because
-- the mailbox proves more than the old link. The new one begins to work when the worker writes its mail: the
-- database draws the nonce, which the public never reads, and exo_service alone sets the hash. A caller that
-- brought both could open the booking past its PIN. Of a reference the letters and digits alone count. No old
-- link comes back for more than a month.
CREATE OR REPLACE FUNCTION mail_link_again(p_mailbox text, p_reference text, p_hours integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  wanted bookings;
  hours integer := least(greatest(p_hours, 1), 744);
BEGIN
  p_reference := regexp_replace(upper(normalize(p_reference, NFKC)), '[^[:alnum:]]+', '', 'g');
  p_reference := 'EXO-' || regexp_replace(p_reference, '^EXO', '');
  SELECT * INTO wanted FROM bookings WHERE reference = p_reference AND mailbox = p_mailbox;
  IF NOT FOUND OR EXISTS (
    SELECT 1 FROM inbox_emails
    WHERE booking_id = wanted.id AND template = 'new_link' AND created_at > now() - interval '5 minutes'
  ) THEN
    RETURN;
  END IF;
  IF EXISTS (SELECT 1 FROM booking_secure_tokens WHERE booking_id = wanted.id AND pin_hash <> '') THEN
    PERFORM rotate_link(wanted.id, uuid_send(gen_random_uuid()), 'unsent-' || gen_random_uuid(), hours);
  END IF;
  UPDATE booking_secure_tokens SET expires_at = greatest(expires_at, now() + make_interval(hours => hours))
  WHERE booking_id = wanted.id;
  INSERT INTO inbox_emails (id, booking_id, audience, template, language, status, attempts, recipient, error)
  VALUES (gen_random_uuid(), wanted.id, 'customer', 'new_link', wanted.language, 'queued', 0, '', '');
END $$;
