-- read: exo_service, exo_staff
-- Car-days that are rented, of those that could have been. A car counts from the day it was added (or was first taken), a
-- retired one until the last day in the ledger; blocked days do not count.
CREATE VIEW figure_utilisation WITH (security_invoker = true) AS
WITH
  taken AS (
    SELECT
      date_trunc('month', date::timestamp)::date AS month, sum(rented) AS rented, sum(blocked) AS blocked
    FROM (
      SELECT
        date, count(*) FILTER (WHERE status = 'booked') AS rented, count(*) FILTER (WHERE status = 'blocked') AS blocked
      FROM car_availability GROUP BY 1
      OFFSET 0  -- months cost more to tell than days
    ) AS days
    GROUP BY 1
  ),
  fleet AS (
    SELECT
      c.id, least((c.created_at AT TIME ZONE p.time_zone)::date, t.since) AS since,
      CASE c.status WHEN 'retired' THEN coalesce(t.until, '-infinity') ELSE 'infinity' END AS until
    FROM cars c
    JOIN locations p ON p.id = c.location_id
    CROSS JOIN LATERAL (
      SELECT min(date) AS since, max(date) AS until FROM car_availability WHERE car_id = c.id
    ) AS t
  ),
  months AS (
    SELECT month::date AS month, (month + interval '1 month - 1 day')::date AS last
    FROM generate_series(
      (SELECT date_trunc('month', min(since)::timestamp) FROM fleet),
      (SELECT greatest(now() AT TIME ZONE 'UTC', max(month)::timestamp) FROM taken),
      interval '1 month'
    ) AS month
  ),
  days AS (
    SELECT month, sum(greatest(0, least(last, until) - greatest(month, since) + 1)) AS days
    FROM months JOIN fleet ON since <= last AND until >= month
    GROUP BY 1
  )
SELECT
  month, coalesce(rented, 0)::bigint AS rented, (days - coalesce(blocked, 0))::bigint AS available,
  coalesce(rented, 0) / nullif(days - coalesce(blocked, 0), 0)::numeric AS share
FROM days LEFT JOIN taken USING (month);
