-- execute: exo_public, exo_staff, exo_service
-- Empty salt and hash take the PIN away.
CREATE OR REPLACE FUNCTION set_link_pin(p_booking uuid, p_salt text, p_hash text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF acting_role() = 'exo_public' AND p_booking IS DISTINCT FROM app_booking_id() THEN
    RAISE EXCEPTION 'not your booking' USING ERRCODE = '42501';
  END IF;
  UPDATE booking_secure_tokens
  SET pin_salt = p_salt, pin_hash = p_hash, pin_failures = 0, pin_next_try_at = NULL
  WHERE booking_id = p_booking;
  PERFORM note_event(p_booking, CASE WHEN p_hash = '' THEN 'pin_removed' ELSE 'pin_set' END);
END $$;
