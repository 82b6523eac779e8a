-- read: exo_service, exo_staff
-- What was asked for and refused, by its code and the month on the clock of most places: a refusal knows no place. Each rule
-- stands in place of what the rules refused, once for every refusal that names it.
CREATE VIEW figure_refusals WITH (security_invoker = true) AS
SELECT
  date_trunc('month', e.created_at AT TIME ZONE z.time_zone)::date AS month, e.code, sum(e.count)::bigint AS refusals
FROM event_counts e
CROSS JOIN (SELECT time_zone FROM locations GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1) AS z
WHERE (e.name = 'booking_refused' AND e.code <> 'rules_refused') OR e.name = 'rule_refused'
GROUP BY 1, 2;
