-- execute: exo_public, exo_staff, exo_service
-- Three mistakes are free, then every one doubles the wait: 30 s, 1 min, 2 min, … up to a day. `wait` in
-- seconds. Counts under the row's lock, so that neither patience nor many connections walk through the PINs.
CREATE OR REPLACE FUNCTION try_pin(p_hash text, OUT fits boolean, OUT wait integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  link booking_secure_tokens;
  instant timestamptz;
BEGIN
  SELECT * INTO link FROM booking_secure_tokens WHERE token_hash = current_setting('app.token_hash', true) AND expires_at > now() AND pin_hash <> '' FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  instant := clock_timestamp();
  wait := greatest(0, ceil(extract(epoch FROM coalesce(link.pin_next_try_at, instant) - instant)));
  fits := wait = 0 AND link.pin_hash = p_hash;
  IF wait > 0 THEN
    RETURN;
  END IF;
  IF fits THEN
    UPDATE booking_secure_tokens SET pin_failures = 0, pin_next_try_at = NULL WHERE id = link.id;
    RETURN;
  END IF;
  IF link.pin_failures >= 3 THEN
    wait := least(86400, 30 * 2 ^ least(link.pin_failures - 3, 12));
  END IF;
  UPDATE booking_secure_tokens
  SET pin_failures = link.pin_failures + 1, pin_next_try_at = instant + wait * interval '1 second'
  WHERE id = link.id;
END $$;
