-- execute: exo_public
-- Whether a booking was changed less than 500 times: nobody, not even staff, deletes these rows. Volatile, so
-- that rows of the very statement count.
CREATE OR REPLACE FUNCTION changes_within_reason(p_booking uuid) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*) < 500 FROM booking_changes WHERE booking_id = p_booking
$$;
