-- execute: nobody
-- Raises unless a booking has exactly the spans of its ride: from its start to its end without a hole, on its car, with
-- the gaps at both ends. None without a ride, none of one that is called off. On a departure it has none either, but exactly
-- its seats there, and the departure's car and hours. A part of `check_booking`.
CREATE OR REPLACE FUNCTION check_ride(p_booking uuid) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  whole boolean;
BEGIN
  SELECT CASE
    WHEN r.id IS NULL OR b.status IN ('cancelled', 'refunded') THEN s.n = 0 AND seat.n = 0
    WHEN r.departure_id IS NOT NULL THEN s.n = 0 AND seat.n = r.seats AND seat.alike
      AND (d.car_id, d.starts_at, d.ends_at) = (b.car_id, r.starts_at, r.ends_at)
    ELSE seat.n = 0 AND s.n > 0 AND s.on_car AND s.since = r.starts_at AND s.until = r.ends_at
      AND s.length = r.ends_at - r.starts_at AND s.before = r.before_minutes AND s.after = r.after_minutes
  END INTO whole
  FROM bookings b
  LEFT JOIN rides r ON r.booking_id = b.id
  LEFT JOIN tour_departures d ON d.id = r.departure_id
  CROSS JOIN LATERAL (
    SELECT count(*) AS n, bool_and(departure_id = r.departure_id) AS alike FROM departure_seats WHERE booking_id = b.id
  ) AS seat
  CROSS JOIN LATERAL (
    SELECT count(*) AS n, bool_and(car_id = b.car_id) AS on_car, min(starts_at) AS since, max(ends_at) AS until,
      sum(ends_at - starts_at) AS length, sum(before_minutes) AS before, sum(after_minutes) AS after
    FROM vehicle_assignments WHERE booking_id = b.id
  ) AS s
  WHERE b.id = p_booking;
  IF NOT whole THEN
    RAISE EXCEPTION 'booking % has not exactly its hours', p_booking
      USING ERRCODE = '23514', CONSTRAINT = 'booking_has_its_hours';
  END IF;
END $$;
