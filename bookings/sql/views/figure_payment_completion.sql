-- read: exo_service, exo_staff
-- Of the bookings that somebody began to pay for online those that were paid, by the month of the first try on the clock of
-- the pick-up's place.
CREATE VIEW figure_payment_completion WITH (security_invoker = true) AS
SELECT
  date_trunc('month', began_on::timestamp)::date AS month, count(*) AS started, count(*) FILTER (WHERE paid) AS completed,
  count(*) FILTER (WHERE paid)::numeric / count(*) AS share
FROM (
  SELECT (t.began AT TIME ZONE p.time_zone)::date AS began_on, t.captured > 0 AS paid
  FROM (
    SELECT booking_id, min(created_at) AS began, max(captured) AS captured
    FROM payments WHERE purpose = 'rental' AND provider <> 'manual'
    GROUP BY 1
  ) AS t
  JOIN bookings b ON b.id = t.booking_id
  JOIN cars c ON c.id = b.car_id
  LEFT JOIN booking_locations l ON l.booking_id = b.id AND l.kind = 'pick_up'
  JOIN locations p ON p.id = coalesce(l.location_id, c.location_id)
  OFFSET 0  -- a month is no condition for the joins: taken for a rare one, it would have each booking looked up by itself
) AS t
GROUP BY 1;
