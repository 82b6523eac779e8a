-- execute: exo_public
-- Whether a booking has had less than 300 mails in an hour: what its customer does is told to them and to
-- staff, but anybody may book with anybody's address. Volatile, so that rows of the very statement count.
CREATE OR REPLACE FUNCTION mails_within_reason(p_booking uuid) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*) < 300 FROM inbox_emails WHERE booking_id = p_booking AND created_at > now() - interval '1 hour'
$$;
