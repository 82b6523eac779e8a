-- execute: exo_staff
-- Another name or address for a booking, as staff heard it from its customer. Another mailbox is another
-- customer: the booking moves to it, with another link and, where it still has to be proven, another proof and
-- the whole time for it. What was mailed to the old address opens nothing any more; nobody else's booking is
-- touched. True when the mailbox is another one.
CREATE OR REPLACE FUNCTION correct_customer(
  p_booking uuid, p_full_name text, p_email text, p_mailbox text, p_nonce bytea, p_hash text, p_hours integer, p_minutes integer
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  b bookings;
  moved boolean;
BEGIN
  SELECT * INTO b FROM bookings WHERE id = p_booking AND erased_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  moved := b.mailbox <> p_mailbox;
  IF moved AND EXISTS (
    SELECT 1 FROM data_requests WHERE booking_id = b.id AND kind = 'erasure' AND outcome = 'waiting'
  ) THEN
    RAISE EXCEPTION 'its customer wants to be erased' USING ERRCODE = '23514', CONSTRAINT = 'erasure_waits';
  END IF;
  UPDATE bookings
  SET full_name = p_full_name, email = p_email, mailbox = p_mailbox,
    customer_id = CASE WHEN moved THEN customer_of_mailbox(p_mailbox, p_full_name, b.phone) ELSE b.customer_id END
  WHERE id = b.id;
  IF b.full_name <> p_full_name THEN
    PERFORM note_event(b.id, 'name_corrected');
  END IF;
  IF b.email <> p_email THEN
    PERFORM note_event(b.id, 'address_corrected');
  END IF;
  IF moved THEN
    DELETE FROM data_requests WHERE booking_id = b.id;
    UPDATE booking_proofs
    SET nonce = uuid_send(gen_random_uuid()), token_hash = 'unsent-' || gen_random_uuid(),
      due_at = greatest(due_at, now() + make_interval(mins => p_minutes))
    WHERE booking_id = b.id AND proven_at IS NULL;
    -- Nobody has shown that they read the new mailbox: as far as it was proven, it is by staff.
    UPDATE booking_proofs SET how = 'staff' WHERE booking_id = b.id AND how IN ('mail', 'code', 'earlier');
    UPDATE inbox_emails SET recipient = '' WHERE booking_id = b.id AND audience = 'customer';
    PERFORM rotate_link(b.id, p_nonce, p_hash, p_hours);
  END IF;
  RETURN moved;
END $$;
