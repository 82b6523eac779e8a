-- execute: exo_public, exo_staff, exo_service
-- Counts an opening of the link and says whether it opens. Opening waits for nobody: while a change of the
-- booking has the row, one opening goes uncounted. `wait` in seconds until a PIN may be tried.
CREATE OR REPLACE FUNCTION open_link(
  p_count boolean,
  OUT salt text, OUT is_open boolean, OUT wait integer
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  link booking_secure_tokens;
BEGIN
  SELECT * INTO link FROM booking_secure_tokens WHERE token_hash = current_setting('app.token_hash', true) AND expires_at > now();
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF p_count THEN
    UPDATE booking_secure_tokens SET opened = opened + 1, last_opened_at = now()
    WHERE id = (SELECT id FROM booking_secure_tokens WHERE id = link.id FOR NO KEY UPDATE SKIP LOCKED);
  END IF;
  salt := link.pin_salt;
  is_open := link.pin_hash IN ('', coalesce(current_setting('app.pin', true), ''));
  wait := greatest(0, ceil(extract(epoch FROM coalesce(link.pin_next_try_at, now()) - clock_timestamp())));
END $$;
