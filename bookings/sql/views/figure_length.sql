-- read: exo_service, exo_staff
-- How long rentals are that stand, by the month of their pick-up. Counted by days first: months cost more to tell.
CREATE VIEW figure_length WITH (security_invoker = true) AS
SELECT
  date_trunc('month', start_date::timestamp)::date AS month, sum(rentals)::bigint AS rentals, sum(days)::bigint AS days,
  sum(days) / sum(rentals) AS average
FROM (
  SELECT start_date, count(*) AS rentals, sum(end_date - start_date + 1) AS days
  FROM bookings WHERE status IN ('upcoming', 'active', 'completed')
  GROUP BY 1
  OFFSET 0
) AS b
GROUP BY 1;
