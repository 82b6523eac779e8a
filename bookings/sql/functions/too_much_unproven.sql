-- execute: exo_public, exo_staff, exo_service
-- Whether, with one car more, holds and unproven bookings of the public would keep more than this share of the
-- cars of a place on one of these days (in per cent, two cars at least), for the whole day or for some of its hours. What a
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
      SELECT car_id, date, status, hold_id, booking_id, expires_at FROM car_availability
      UNION ALL
      SELECT car_id, date, day_status, hold_id, booking_id, expires_at FROM vehicle_assignments
    ) a ON a.car_id = c.id AND a.date BETWEEN p_start AND p_end
    LEFT JOIN holds h ON h.id = a.hold_id
    LEFT JOIN bookings b ON b.id = a.booking_id AND b.status = 'pending'
    LEFT JOIN booking_proofs p ON p.booking_id = b.id
    WHERE here.id = p_car AND a.car_id <> p_car AND a.status <> 'buffer' AND (
      (a.hold_id IS NOT NULL AND a.expires_at > now() AND h.code_id IS NULL AND h.visitor <> '' AND h.id IS DISTINCT FROM p_replaced)
      OR (b.id IS NOT NULL AND p.proven_at IS NULL)
    )
    GROUP BY a.date
    HAVING count(DISTINCT a.car_id) >= greatest(2, (
      SELECT count(*) FROM cars WHERE location_id = min(here.location_id) AND status = 'offered'
    ) * p_share / 100)
  )
$$;
