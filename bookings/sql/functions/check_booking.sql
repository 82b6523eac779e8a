-- execute: nobody
-- Raises when a booking is not whole (`booking_is_whole`). Days before an early hand-over and after an early return are
-- free, a buffer may have shrunk for another booking, and of a no-show the days until nobody came stay its own. Of a
-- rental whose car was swapped, the first days are on the cars of its segments, which follow each other from the day on
-- which the first car left, and the rest is on its present one. A ride has hours and no days (`check_ride`).
CREATE OR REPLACE FUNCTION check_booking(p_booking uuid, p_new boolean) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  b bookings;
  first date;  -- on which its first car leaves
  since date;  -- its first day on the present car
  in_turn boolean;
  is_ride boolean;
  last date;
  core integer;
  gap integer;
  n integer;
BEGIN
  SELECT * INTO b FROM bookings WHERE id = p_booking;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  PERFORM check_ride(p_booking);
  is_ride := EXISTS (SELECT 1 FROM rides WHERE booking_id = p_booking);
  IF is_ride <> (b.kind <> 'rental') THEN
    RAISE EXCEPTION 'booking % is of another kind', b.reference
      USING ERRCODE = '23514', CONSTRAINT = 'booking_has_its_hours';
  END IF;
  first := coalesce(b.out_from, b.start_date);
  SELECT coalesce(max(end_date) + 1, first), coalesce(bool_and(start_date = follows), true) INTO since, in_turn
  FROM (
    SELECT start_date, end_date, coalesce(lag(end_date) OVER (ORDER BY start_date) + 1, first) AS follows
    FROM booking_segments WHERE booking_id = b.id
  ) AS segment;
  IF NOT in_turn OR since > b.end_date OR (since > first AND b.handed_over_at IS NULL) THEN
    RAISE EXCEPTION 'booking % has not one car after the other', b.reference
      USING ERRCODE = '23514', CONSTRAINT = 'booking_has_its_cars';
  END IF;
  last := b.end_date;
  IF b.returned_at IS NOT NULL THEN
    SELECT greatest(since, least(b.end_date, (b.returned_at AT TIME ZONE l.time_zone)::date)) INTO last
    FROM booking_locations p JOIN locations l ON l.id = p.location_id WHERE p.booking_id = b.id AND p.kind = 'drop_off';
  END IF;
  last := coalesce(b.kept_until, last);
  SELECT
    count(*) FILTER (WHERE status = CASE b.status WHEN 'pending' THEN 'pending' ELSE 'booked' END
      AND (car_id = b.car_id AND date BETWEEN since AND last OR EXISTS (
        SELECT 1 FROM booking_segments s
        WHERE s.booking_id = b.id AND s.car_id = day.car_id AND day.date BETWEEN s.start_date AND s.end_date
      ))),
    count(*) FILTER (WHERE car_id = b.car_id AND status = 'buffer' AND date > last AND date <= last + b.buffer_days),
    count(*)
  INTO core, gap, n FROM car_availability AS day WHERE booking_id = b.id;
  IF core + gap <> n OR core <> (CASE
    WHEN is_ride THEN 0
    WHEN b.status IN ('cancelled', 'refunded') AND b.kept_until IS NULL THEN 0
    ELSE last - first + 1
  END) OR ((is_ride OR b.kept_until IS NOT NULL) AND gap > 0) THEN
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
