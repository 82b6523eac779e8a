-- execute: exo_public
-- For the booking that the request's token opens; one mail of a kind in p_minutes, five at least, whose link
-- lasts three days at most. True when a mail was queued:
-- never for a booking without a mailbox. Only the mailbox can confirm a request about personal data: its link begins to work when the
-- worker writes the mail. So the database draws the nonce, which the public never reads, and exo_service
-- alone sets the hash. If the caller brought them, injected SQL could bring a hash whose token it knew, with
-- a booking made under somebody else's address, and read or erase that person without their mailbox.
CREATE OR REPLACE FUNCTION ask_for_data(p_kind text, p_minutes integer, p_hours integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  mine uuid := app_booking_id();
BEGIN
  IF mine IS NULL THEN
    RAISE EXCEPTION 'not your booking' USING ERRCODE = '42501';
  END IF;
  INSERT INTO data_requests AS r (id, booking_id, mailbox, kind, outcome, nonce, token_hash, asked_at, expires_at)
  SELECT gen_random_uuid(), mine, mailbox, p_kind, 'asked', uuid_send(gen_random_uuid()), 'unsent-' || gen_random_uuid(),
    now(), now() + make_interval(hours => least(greatest(p_hours, 1), 72))
  FROM bookings WHERE id = mine AND mailbox <> ''
  ON CONFLICT (booking_id, kind) DO UPDATE
    SET mailbox = EXCLUDED.mailbox, outcome = CASE WHEN r.outcome = 'waiting' THEN 'waiting' ELSE 'asked' END, nonce = EXCLUDED.nonce,
      token_hash = EXCLUDED.token_hash, asked_at = EXCLUDED.asked_at, expires_at = EXCLUDED.expires_at
    WHERE r.asked_at < now() - make_interval(mins => greatest(p_minutes, 5));
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO inbox_emails (id, booking_id, audience, template, language, status, attempts, recipient, error)
  SELECT gen_random_uuid(), id, 'customer', 'data_' || p_kind, language, 'queued', 0, '', '' FROM bookings WHERE id = mine;
  RETURN true;
END $$;
