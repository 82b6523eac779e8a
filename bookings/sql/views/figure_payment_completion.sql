-- read: exo_service, exo_staff
-- Of the bookings that somebody began to pay for online those that were paid, by the month of the first try on the clock of
-- the pick-up's place. Counted by days first: months cost more to tell.
CREATE VIEW figure_payment_completion WITH (security_invoker = true) AS
SELECT
  date_trunc('month', began_on::timestamp)::date AS month, sum(started)::bigint AS started, sum(completed)::bigint AS completed,
  sum(completed) / sum(started) AS share
FROM (
  SELECT
    (t.began AT TIME ZONE coalesce(p.time_zone, one.time_zone))::date AS began_on, count(*) AS started,
    count(*) FILTER (WHERE t.paid) AS completed
  FROM (
    SELECT booking_id, min(created_at) AS began, max(captured) > 0 AS paid
    FROM payments WHERE purpose = 'rental' AND provider <> 'manual'
    GROUP BY 1
  ) AS t
  CROSS JOIN (SELECT min(time_zone) AS time_zone FROM locations) AS one
  LEFT JOIN (
    SELECT b.id, p.time_zone
    FROM bookings b
    JOIN cars c ON c.id = b.car_id
    LEFT JOIN booking_locations l ON l.booking_id = b.id AND l.kind = 'pick_up'
    JOIN locations p ON p.id = coalesce(l.location_id, c.location_id)
    WHERE (SELECT count(DISTINCT time_zone) > 1 FROM locations)
    OFFSET 0  -- no booking is read where all places have one clock
  ) AS p ON p.id = t.booking_id
  GROUP BY 1
  OFFSET 0  -- a month is no condition for the joins: taken for a rare one, it would have each booking looked up by itself
) AS days
GROUP BY 1;
