-- read: exo_service, exo_staff
-- Of the bookings that were confirmed those that were cancelled, by the month of the pick-up; no-shows are counted apart.
-- Who was cancelled without ever having been confirmed stands beside them. Counted by days first: months cost more to tell.
CREATE VIEW figure_cancellation WITH (security_invoker = true) AS
SELECT
  date_trunc('month', start_date::timestamp)::date AS month, sum(confirmed)::bigint AS confirmed,
  sum(cancelled)::bigint AS cancelled, sum(cancelled) / nullif(sum(confirmed), 0) AS share,
  sum(never_confirmed)::bigint AS never_confirmed
FROM (
  SELECT
    start_date, count(*) FILTER (WHERE confirmed) AS confirmed, count(*) FILTER (WHERE confirmed AND over) AS cancelled,
    count(*) FILTER (WHERE over AND NOT confirmed) AS never_confirmed
  FROM (
    SELECT
      b.start_date, b.status IN ('cancelled', 'refunded') AND b.outcome <> 'no_show' AS over,
      b.status IN ('upcoming', 'active', 'completed')
        OR EXISTS (
          SELECT 1 FROM booking_status_changes m WHERE m.booking_id = b.id AND m.to_status = 'upcoming'
          OFFSET 0  -- looked up for those few, not read for all
        ) AS confirmed
    FROM bookings b
    OFFSET 0  -- whether it was confirmed is looked up once for each booking, not for each count
  ) AS b
  GROUP BY 1
  OFFSET 0
) AS days
GROUP BY 1;
