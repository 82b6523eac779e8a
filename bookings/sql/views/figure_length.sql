-- read: exo_service, exo_staff
-- How long rentals are that stand, by the month of their pick-up.
CREATE VIEW figure_length WITH (security_invoker = true) AS
SELECT
  date_trunc('month', b.start_date::timestamp)::date AS month, count(*) AS rentals, sum(b.end_date - b.start_date + 1) AS days,
  avg(b.end_date - b.start_date + 1) AS average
FROM bookings b
WHERE b.status IN ('upcoming', 'active', 'completed')
GROUP BY 1;
