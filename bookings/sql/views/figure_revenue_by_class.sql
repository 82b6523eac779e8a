-- read: exo_service, exo_staff
-- The same by what kind of car it is: its seats and its gearbox. Counted by days first: months cost more to tell.
CREATE VIEW figure_revenue_by_class WITH (security_invoker = true) AS
SELECT
  date_trunc('month', start_date::timestamp)::date AS month, currency, seats, gearbox, sum(rentals)::bigint AS rentals,
  sum(revenue) AS revenue
FROM (
  SELECT
    b.start_date, b.currency, c.seats, c.gearbox,
    count(*) FILTER (WHERE b.status IN ('upcoming', 'active', 'completed')) AS rentals,
    sum(CASE WHEN b.status IN ('upcoming', 'active', 'completed') THEN b.total ELSE b.paid END) AS revenue
  FROM bookings b
  JOIN cars c ON c.id = b.car_id
  WHERE b.status IN ('upcoming', 'active', 'completed') OR (b.status IN ('cancelled', 'refunded') AND b.paid > 0)
  GROUP BY 1, 2, 3, 4
  OFFSET 0
) AS days
GROUP BY 1, 2, 3, 4;
