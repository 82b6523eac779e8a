-- execute: exo_public
-- Whether a booking has had less than 500 mails: what its customer does is told to them and to staff, but
-- anybody may book with anybody's address. Counted for ever, because whoever writes a row also writes its
-- time. Volatile, so that rows of the very statement count.
CREATE OR REPLACE FUNCTION mails_within_reason(p_booking uuid) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*) < 500 FROM inbox_emails WHERE booking_id = p_booking
$$;
