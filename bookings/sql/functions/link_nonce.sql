-- execute: exo_public, exo_staff, exo_service
-- The nonce of the booking that the request's token stands for, its own or the one that its hold became.
CREATE OR REPLACE FUNCTION link_nonce() RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT nonce FROM booking_secure_tokens
  WHERE expires_at > now()
    AND booking_id = coalesce(app_booking_id(), (SELECT booking_id FROM holds WHERE id = app_hold_id()))
$$;
