-- execute: exo_public, exo_staff, exo_service
-- Whether, with one car more, holds and unproven bookings of the public would keep more than this share of the
-- cars of a place on one of these days (in per cent, two cars at least), for the day or for hours of it. What a
-- proven mailbox holds does not count, nor does the hold that is given back. A share of 0 is no limit.
CREATE OR REPLACE FUNCTION too_much_unproven(
  p_car bigint, p_start date, p_end date, p_share integer, p_replaced uuid
) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p_share > 0 AND EXISTS (
    SELECT 1
    FROM cars here
    JOIN cars c ON c.location_id = here.location_id
    JOIN (
      SELECT car_id, date, hold_id, booking_id, expires_at FROM car_availability
      WHERE date BETWEEN p_start AND p_end AND status IN ('held', 'pending')
      UNION ALL
      SELECT s.car_id, s.date, s.hold_id, s.booking_id, s.expires_at FROM vehicle_assignments s
      LEFT JOIN bookings b ON b.id = s.booking_id
      WHERE s.date BETWEEN p_start AND p_end AND (s.hold_id IS NOT NULL OR b.status = 'pending')
    ) a ON a.car_id = c.id
    LEFT JOIN holds h ON h.id = a.hold_id
    LEFT JOIN booking_proofs p ON p.booking_id = a.booking_id
    WHERE here.id = p_car AND a.car_id <> p_car AND (
      (a.hold_id IS NOT NULL AND a.expires_at > now() AND h.code_id IS NULL AND h.visitor <> '' AND h.id IS DISTINCT FROM p_replaced)
      OR (a.booking_id IS NOT NULL AND p.proven_at IS NULL)
    )
    GROUP BY a.date
    HAVING count(DISTINCT a.car_id) >= greatest(2, (
      SELECT count(*) FROM cars WHERE location_id = min(here.location_id) AND status = 'offered'
    ) * p_share / 100)
  )
$$;
