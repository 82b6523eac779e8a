-- execute: exo_public, exo_staff, exo_service
-- The mailed link of the booking that the request's token stands for was opened: true when it is the right
-- one. A PIN does not stand in the way: what is proven is the mailbox.
CREATE OR REPLACE FUNCTION prove_booking(p_hash text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  mine uuid;
BEGIN
  SELECT booking_id INTO mine FROM booking_secure_tokens
  WHERE token_hash = current_setting('app.token_hash', true) AND expires_at > now();
  UPDATE booking_proofs SET proven_at = now(), how = 'mail', visitor = '', network = ''
  WHERE booking_id = mine AND token_hash = p_hash AND proven_at IS NULL;
  RETURN FOUND OR EXISTS (SELECT 1 FROM booking_proofs WHERE booking_id = mine AND token_hash = p_hash AND proven_at IS NOT NULL);
END $$;
