-- execute: exo_public
-- Another address for the booking that the request's token opens, while it is unproven: with another customer,
-- another link and another proof, whose mail is queued. What was mailed to the old address opens nothing any
-- more. False when there is nothing left to prove, or it was corrected too often.
CREATE OR REPLACE FUNCTION correct_address(
  p_email text, p_mailbox text, p_nonce bytea, p_hash text, p_most integer
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  b bookings;
BEGIN
  SELECT * INTO b FROM bookings WHERE id = app_booking_id() AND status = 'pending' FOR UPDATE;
  UPDATE booking_proofs
  SET nonce = uuid_send(gen_random_uuid()), token_hash = 'unsent-' || gen_random_uuid(), corrections = corrections + 1
  WHERE booking_id = b.id AND proven_at IS NULL AND corrections < least(p_most, 10);
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE bookings SET email = p_email, mailbox = p_mailbox, customer_id = customer_of_mailbox(p_mailbox, b.full_name, b.phone)
  WHERE id = b.id;
  DELETE FROM data_requests WHERE booking_id = b.id;
  UPDATE booking_secure_tokens SET nonce = p_nonce, token_hash = p_hash WHERE booking_id = b.id;
  DELETE FROM holds WHERE booking_id = b.id;
  DELETE FROM idempotency_keys WHERE booking_id = b.id;
  PERFORM note_event(b.id, 'address_corrected');
  INSERT INTO inbox_emails (id, booking_id, audience, template, language, status, attempts, recipient, error)
  VALUES (gen_random_uuid(), b.id, 'customer', 'booking_received', b.language, 'queued', 0, '', '');
  RETURN true;
END $$;
