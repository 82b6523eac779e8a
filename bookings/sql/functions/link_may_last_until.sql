-- execute: exo_public
-- The last instant until which the public may let a booking's link work. Definer, because a booking that was
-- just written is not its maker's to read yet.
CREATE OR REPLACE FUNCTION link_may_last_until(p_booking uuid) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT end_date + interval '400 days' FROM bookings WHERE id = p_booking
$$;
