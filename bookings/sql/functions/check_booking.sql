-- execute: nobody
-- Raises when a booking is not whole (`booking_is_whole`). Days after an early return are free, a buffer may
-- have shrunk for another booking, and of a no-show the days until nobody came stay its own.
CREATE OR REPLACE FUNCTION check_booking(p_booking uuid, p_new boolean) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  b bookings;
  last date;
  core integer;
  gap integer;
  n integer;
BEGIN
  SELECT * INTO b FROM bookings WHERE id = p_booking;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  last := b.end_date;
  IF b.returned_at IS NOT NULL THEN
    SELECT greatest(b.start_date, least(b.end_date, (b.returned_at AT TIME ZONE l.time_zone)::date)) INTO last
    FROM booking_locations p JOIN locations l ON l.id = p.location_id WHERE p.booking_id = b.id AND p.kind = 'drop_off';
  END IF;
  last := coalesce(b.kept_until, last);
  SELECT
    count(*) FILTER (WHERE car_id = b.car_id AND date BETWEEN b.start_date AND last
      AND status = CASE b.status WHEN 'pending' THEN 'pending' ELSE 'booked' END),
    count(*) FILTER (WHERE car_id = b.car_id AND status = 'buffer' AND date > last AND date <= last + b.buffer_days),
    count(*)
  INTO core, gap, n FROM car_availability WHERE booking_id = b.id;
  IF core + gap <> n OR core <> (CASE
    WHEN b.status IN ('cancelled', 'refunded') AND b.kept_until IS NULL THEN 0
    ELSE last - b.start_date + 1
  END) OR (b.kept_until IS NOT NULL AND gap > 0) THEN
    RAISE EXCEPTION 'booking % has not exactly its days', b.reference
      USING ERRCODE = '23514', CONSTRAINT = 'booking_has_its_days';
  END IF;
  IF p_new AND (
    NOT EXISTS (SELECT 1 FROM booking_secure_tokens WHERE booking_id = b.id)
    OR NOT EXISTS (SELECT 1 FROM inbox_items WHERE booking_id = b.id AND kind = 'new_booking')
    OR NOT EXISTS (SELECT 1 FROM booking_proofs WHERE booking_id = b.id)
    OR 2 <> (SELECT count(*) FROM booking_locations WHERE booking_id = b.id)
  ) THEN
    RAISE EXCEPTION 'booking % has no link, no places, no proof or no item in the inbox', b.reference
      USING ERRCODE = '23514', CONSTRAINT = 'booking_reaches_staff';
  END IF;
  IF b.erased_at IS NULL AND NOT EXISTS (SELECT 1 FROM customers WHERE id = b.customer_id AND email = b.mailbox) THEN
    RAISE EXCEPTION 'booking % is filed under somebody else', b.reference
      USING ERRCODE = '23514', CONSTRAINT = 'booking_has_its_customer';
  END IF;
END $$;
