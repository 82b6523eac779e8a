-- read: exo_service, exo_staff
-- Of the bookings that somebody began to pay for online those that were paid, by the month of the first try on the clock of
-- the pick-up's place.
CREATE VIEW figure_payment_completion WITH (security_invoker = true) AS
SELECT
  date_trunc('month', t.began AT TIME ZONE p.time_zone)::date AS month, count(*) AS started,
  count(*) FILTER (WHERE t.captured > 0) AS completed, count(*) FILTER (WHERE t.captured > 0)::numeric / count(*) AS share
FROM (
  SELECT booking_id, min(created_at) AS began, max(captured) AS captured
  FROM payments WHERE purpose = 'rental' AND provider <> 'manual'
  GROUP BY 1
) AS t
JOIN bookings b ON b.id = t.booking_id
JOIN cars c ON c.id = b.car_id
LEFT JOIN booking_locations l ON l.booking_id = b.id AND l.kind = 'pick_up'
JOIN locations p ON p.id = coalesce(l.location_id, c.location_id)
GROUP BY 1;
