-- read: exo_service, exo_staff
-- Days from booking to pick-up on the clock of the pick-up's place, by the month in which it was booked. Bookings that were
-- confirmed, whatever became of them.
CREATE VIEW figure_lead_time WITH (security_invoker = true) AS
SELECT
  month, count(*) AS bookings, avg(days) AS average, percentile_cont(0.5) WITHIN GROUP (ORDER BY days) AS median
FROM (
  SELECT date_trunc('month', booked_on::timestamp)::date AS month, start_date - booked_on AS days
  FROM (
    SELECT b.start_date, (b.created_at AT TIME ZONE p.time_zone)::date AS booked_on
    FROM bookings b
    JOIN cars c ON c.id = b.car_id
    LEFT JOIN (
      SELECT booking_id, location_id FROM booking_locations
      WHERE kind = 'pick_up' AND (SELECT count(DISTINCT time_zone) > 1 FROM locations)
      OFFSET 0  -- none is read where all places have one clock
    ) AS l ON l.booking_id = b.id
    JOIN locations p ON p.id = coalesce(l.location_id, c.location_id)
    WHERE b.status IN ('upcoming', 'active', 'completed') OR EXISTS (
      SELECT 1 FROM booking_status_changes m WHERE m.booking_id = b.id AND m.to_status = 'upcoming'
      OFFSET 0  -- looked up for those few, not read for all
    )
    OFFSET 0  -- a place's clock is read once for each booking
  ) AS b
  OFFSET 0  -- and its month told once, not for each condition on it
) AS b
GROUP BY 1;
