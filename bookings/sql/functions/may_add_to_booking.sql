-- execute: exo_public
-- What the public adds to a booking, it adds to its own, or to one that this very transaction has made.
-- Otherwise injected SQL could point a hold or an idempotency key at somebody else's booking (their ids
-- stand in the ledger), and the site would hand out that booking's link; it could also queue mails and take
-- days for others.
CREATE OR REPLACE FUNCTION may_add_to_booking(p_booking uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p_booking = app_booking_id() OR EXISTS (SELECT 1 FROM bookings WHERE id = p_booking AND written_now(xmin))
$$;
