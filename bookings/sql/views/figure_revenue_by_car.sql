-- read: exo_service, exo_staff
-- What each car's rentals come to, by the month of their pick-up where that is: the price where they stand, what was kept of
-- those that do not. A rental that changed cars is the last one's.
CREATE VIEW figure_revenue_by_car WITH (security_invoker = true) AS
SELECT
  date_trunc('month', b.start_date::timestamp)::date AS month, b.currency, b.car_id,
  count(*) FILTER (WHERE b.status IN ('upcoming', 'active', 'completed')) AS rentals,
  sum(CASE WHEN b.status IN ('upcoming', 'active', 'completed') THEN b.total ELSE b.paid END) AS revenue
FROM bookings b
WHERE b.status IN ('upcoming', 'active', 'completed') OR (b.status IN ('cancelled', 'refunded') AND b.paid > 0)
GROUP BY 1, 2, 3;
