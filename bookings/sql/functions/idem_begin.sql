-- execute: exo_public, exo_staff, exo_service
-- Claims an idempotency key, or says what became of it: `new`, `busy` (its twin is still at work),
-- `mismatch` (another request had it), `replay` (the booking that it made, and what its link is made of). The
-- public's keys are the public's, and those of a hold are of who has its token: ids of holds stand in the ledger.
CREATE OR REPLACE FUNCTION idem_begin(
  p_scope text, p_key text, p_fingerprint text,
  OUT state text, OUT booking uuid, OUT nonce bytea
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  kept idempotency_keys;
BEGIN
  IF acting_role() = 'exo_public' AND (
    p_scope NOT LIKE 'public:%'
    OR (p_scope LIKE 'public:hold-%' AND split_part(p_scope, ':', 2) IS DISTINCT FROM 'hold-' || app_hold_id())
  ) THEN
    RAISE EXCEPTION 'not your key' USING ERRCODE = '42501';
  END IF;
  IF length(p_scope) > 200 OR length(p_key) > 255 OR length(p_fingerprint) > 64 THEN
    RAISE EXCEPTION 'a key is shorter' USING ERRCODE = '22001';
  END IF;
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
