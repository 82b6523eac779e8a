-- execute: exo_public, exo_staff, exo_service
-- Claims an idempotency key, or says what became of it: `new`, `busy` (its twin is still at work),
-- `mismatch` (another request had it), `replay` (the booking that it made, and what its link is made of).
CREATE OR REPLACE FUNCTION idem_begin(
  p_scope text, p_key text, p_fingerprint text,
  OUT state text, OUT booking uuid, OUT nonce bytea
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  kept idempotency_keys;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended(p_scope || chr(31) || p_key, 42)) THEN
    state := 'busy';
    RETURN;
  END IF;
  INSERT INTO idempotency_keys AS k (scope, key, fingerprint, expires_at)
  VALUES (p_scope, p_key, p_fingerprint, now() + interval '24 hours')
  ON CONFLICT (scope, key) DO UPDATE
    SET fingerprint = EXCLUDED.fingerprint, http_status = NULL, booking_id = NULL, expires_at = EXCLUDED.expires_at
    WHERE k.expires_at <= now();
  IF FOUND THEN
    state := 'new';
    RETURN;
  END IF;
  SELECT * INTO kept FROM idempotency_keys WHERE scope = p_scope AND key = p_key;
  IF kept.fingerprint <> p_fingerprint THEN
    state := 'mismatch';
    RETURN;
  END IF;
  state := 'replay';
  booking := kept.booking_id;
  SELECT t.nonce INTO nonce FROM booking_secure_tokens t WHERE t.booking_id = kept.booking_id;
END $$;
