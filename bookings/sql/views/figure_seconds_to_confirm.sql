-- read: exo_service, exo_staff
-- Seconds from when the dates were chosen to the booking, by the month on the clock of the pick-up's place. Staff and plain
-- API calls are not measured.
CREATE VIEW figure_seconds_to_confirm WITH (security_invoker = true) AS
SELECT
  month, count(*) AS bookings, avg(seconds) AS average,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median,
  percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds) AS nine_of_ten
FROM (
  SELECT
    date_trunc('month', b.created_at AT TIME ZONE p.time_zone)::date AS month,
    extract(epoch FROM b.created_at - b.dates_chosen_at) AS seconds
  FROM bookings b
  JOIN cars c ON c.id = b.car_id
  LEFT JOIN (
    SELECT booking_id, location_id FROM booking_locations
    WHERE kind = 'pick_up' AND (SELECT count(DISTINCT time_zone) > 1 FROM locations)
    OFFSET 0  -- none is read where all places have one clock
  ) AS l ON l.booking_id = b.id
  JOIN locations p ON p.id = coalesce(l.location_id, c.location_id)
  WHERE b.dates_chosen_at IS NOT NULL
  OFFSET 0  -- a month is told once, not for each condition on it
) AS b
GROUP BY 1;
