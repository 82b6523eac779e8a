-- read: exo_service, exo_staff
-- Of the rentals whose day has come those that nobody came for, by the month of the pick-up and on its place's clock.
-- Counted by days first: months cost more to tell. Only where it is today somewhere does a place's clock matter.
CREATE VIEW figure_no_show WITH (security_invoker = true) AS
SELECT
  date_trunc('month', start_date::timestamp)::date AS month, sum(due)::bigint AS due, sum(no_shows)::bigint AS no_shows,
  sum(no_shows) / sum(due) AS share
FROM (
  SELECT start_date, count(*) AS due, count(*) FILTER (WHERE missed) AS no_shows
  FROM (
    SELECT b.start_date, b.status, b.status IN ('cancelled', 'refunded') AND b.outcome = 'no_show' AS missed
    FROM bookings b
    CROSS JOIN (SELECT (now() AT TIME ZONE 'UTC')::date AS today OFFSET 0) AS utc
    WHERE b.status <> 'pending' AND b.start_date <= utc.today + 1 AND (
      b.start_date < utc.today
      OR b.start_date <= (
        SELECT (now() AT TIME ZONE p.time_zone)::date
        FROM cars c
        LEFT JOIN booking_locations l ON l.booking_id = b.id AND l.kind = 'pick_up'
        JOIN locations p ON p.id = coalesce(l.location_id, c.location_id)
        WHERE c.id = b.car_id
      )
    )
    OFFSET 0  -- judged once for each booking
  ) AS b
  WHERE missed OR status NOT IN ('cancelled', 'refunded')
  GROUP BY 1
  OFFSET 0
) AS days
GROUP BY 1;
