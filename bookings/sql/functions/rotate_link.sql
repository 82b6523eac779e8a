-- execute: exo_staff, exo_service
-- Replaces a link. What led to the old one must not lead to the new one: converted holds and answers kept
-- for a retry go.
CREATE OR REPLACE FUNCTION rotate_link(
  p_booking uuid, p_nonce bytea, p_hash text, p_hours integer
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE booking_secure_tokens
  SET nonce = p_nonce, token_hash = p_hash, expires_at = greatest(expires_at, now() + make_interval(hours => p_hours)),
    opened = 0, last_opened_at = NULL, pin_salt = '', pin_hash = '', pin_failures = 0, pin_next_try_at = NULL
  WHERE booking_id = p_booking;
  DELETE FROM holds WHERE booking_id = p_booking;
  DELETE FROM idempotency_keys WHERE booking_id = p_booking;
  PERFORM note_event(p_booking, 'link_rotated');
END $$;
