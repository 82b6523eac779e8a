-- execute: exo_public, exo_staff, exo_service
-- The cars that should be back at this instant and are not: a customer has the keys, and the last day is over where
-- the car is returned, or the booking was called off. Definer: the public may know of a car that it is away today,
-- as it may know its taken days, and not whose it is. The cars that are out stand in an index of their own.
CREATE OR REPLACE FUNCTION late_cars(p_at timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT b.car_id
  FROM bookings b
  JOIN cars c ON c.id = b.car_id
  LEFT JOIN booking_locations p ON p.booking_id = b.id AND p.kind = 'drop_off'
  JOIN locations l ON l.id = coalesce(p.location_id, c.location_id)
  WHERE b.handed_over_at IS NOT NULL AND b.returned_at IS NULL
    AND (b.status IN ('cancelled', 'refunded') OR b.end_date < (p_at AT TIME ZONE l.time_zone)::date)
$$;
