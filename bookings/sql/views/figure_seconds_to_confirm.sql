-- read: exo_service, exo_staff
-- Seconds from when the dates were chosen to the booking, by the month on the clock of the pick-up's place. Staff and plain
-- API calls are not measured.
CREATE VIEW figure_seconds_to_confirm WITH (security_invoker = true) AS
SELECT
  date_trunc('month', b.created_at AT TIME ZONE p.time_zone)::date AS month, count(*) AS bookings,
  avg(extract(epoch FROM b.created_at - b.dates_chosen_at)) AS average,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM b.created_at - b.dates_chosen_at)) AS median,
  percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM b.created_at - b.dates_chosen_at)) AS nine_of_ten
FROM bookings b
JOIN cars c ON c.id = b.car_id
LEFT JOIN booking_locations l ON l.booking_id = b.id AND l.kind = 'pick_up'
JOIN locations p ON p.id = coalesce(l.location_id, c.location_id)
WHERE b.dates_chosen_at IS NOT NULL
GROUP BY 1;
