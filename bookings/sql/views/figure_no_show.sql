-- read: exo_service, exo_staff
-- Of the rentals whose day has come those that nobody came for, by the month of the pick-up and on its place's clock.
CREATE VIEW figure_no_show WITH (security_invoker = true) AS
SELECT
  date_trunc('month', start_date::timestamp)::date AS month, count(*) AS due, count(*) FILTER (WHERE missed) AS no_shows,
  count(*) FILTER (WHERE missed)::numeric / count(*) AS share
FROM (
  SELECT
    b.start_date, b.status,
    b.status IN ('cancelled', 'refunded') AND b.outcome = 'no_show' AS missed
  FROM bookings b
  JOIN cars c ON c.id = b.car_id
LEFT JOIN booking_locations l ON l.booking_id = b.id AND l.kind = 'pick_up'
JOIN locations p ON p.id = coalesce(l.location_id, c.location_id)
  WHERE b.start_date <= (now() AT TIME ZONE p.time_zone)::date AND b.status <> 'pending'
  OFFSET 0  -- judged once for each booking
) AS b
WHERE missed OR status NOT IN ('cancelled', 'refunded')
GROUP BY 1;
