"""Prove the hours in the ledger: every claimant has exactly its spans, and every service day stands for some.

Run as exo_service, as a part of `check_ledger`. Spans of lapsed holds may be there still or be gone: both are right.
"""

from typing import Any

from django.db import connection

# Who wants which hours, and what they have. Parts that begin and end where they should, are as long as the whole and
# (by the constraint) do not overlap leave no hole.
UNLIKE = """
WITH wanted AS (
  SELECT 'booking ' || b.reference AS who, b.id AS booking_id, NULL::uuid AS hold_id, NULL::bigint AS block_id,
    NULL::bigint AS departure_id, b.car_id, r.starts_at, r.ends_at, r.before_minutes, r.after_minutes,
    NULL::timestamptz AS expires_at
  FROM rides r JOIN bookings b ON b.id = r.booking_id
  WHERE b.status NOT IN ('cancelled', 'refunded') AND r.departure_id IS NULL
  UNION ALL
  SELECT 'hold ' || id, NULL, id, NULL, NULL, car_id, starts_at, ends_at, before_minutes, after_minutes, expires_at
  FROM holds WHERE starts_at IS NOT NULL AND booking_id IS NULL AND expires_at > now() AND departure_id IS NULL
  UNION ALL
  SELECT 'block ' || id, NULL, NULL, id, NULL, car_id, starts_at, ends_at, before_minutes, after_minutes, NULL
  FROM blocked_dates WHERE starts_at IS NOT NULL
  UNION ALL
  SELECT 'departure ' || id, NULL, NULL, NULL, id, car_id, starts_at, ends_at, before_minutes, after_minutes, NULL
  FROM tour_departures WHERE status <> 'cancelled'
)
SELECT w.who || ' has not exactly its hours' FROM wanted w
CROSS JOIN LATERAL (
  SELECT count(*) AS n, bool_and(s.car_id = w.car_id AND s.expires_at IS NOT DISTINCT FROM w.expires_at) AS alike,
    min(s.starts_at) AS since, max(s.ends_at) AS until, sum(s.ends_at - s.starts_at) AS length,
    sum(s.before_minutes) AS before, sum(s.after_minutes) AS after
  FROM vehicle_assignments s
  WHERE s.booking_id = w.booking_id OR s.hold_id = w.hold_id OR s.block_id = w.block_id
    OR s.departure_id = w.departure_id
) AS has
WHERE NOT coalesce(has.alike AND has.since = w.starts_at AND has.until = w.ends_at AND has.length = w.ends_at - w.starts_at
  AND has.before = w.before_minutes AND has.after = w.after_minutes, false)
ORDER BY 1 LIMIT 1000
"""
# Spans of whoever wants none: no ride, called off, a hold that is a booking, or for whole days. What lapsed may stay.
UNWANTED = """
SELECT 'car ' || s.car_id || ', ' || s.date || ': a span without its claimant'
FROM vehicle_assignments s
LEFT JOIN (bookings b JOIN rides r ON r.booking_id = b.id AND r.departure_id IS NULL)
  ON b.id = s.booking_id AND b.status NOT IN ('cancelled', 'refunded')
LEFT JOIN holds h ON h.id = s.hold_id AND h.starts_at IS NOT NULL AND h.booking_id IS NULL AND h.departure_id IS NULL
LEFT JOIN blocked_dates k ON k.id = s.block_id AND k.starts_at IS NOT NULL
LEFT JOIN tour_departures d ON d.id = s.departure_id AND d.status <> 'cancelled'
WHERE (s.expires_at IS NULL OR s.expires_at > now()) AND b.id IS NULL AND h.id IS NULL AND k.id IS NULL
  AND d.id IS NULL
ORDER BY s.car_id, s.date LIMIT 1000
"""
# Service days and spans, both ways, with the instant at which they lapse.
DAYS = """
SELECT 'car ' || coalesce(d.car_id, s.car_id) || ', ' || coalesce(d.date, s.date) || ': ' || CASE
  WHEN s.car_id IS NULL THEN 'a service day without spans'
  WHEN d.car_id IS NULL THEN 'spans without their service day'
  ELSE 'a service day that lapses before or after its spans' END
FROM (SELECT car_id, date, expires_at FROM car_availability WHERE status = 'service') AS d
FULL JOIN (
  SELECT car_id, date, CASE WHEN NOT bool_or(expires_at IS NULL) THEN max(expires_at) END AS expires_at
  FROM vehicle_assignments GROUP BY 1, 2
) AS s ON s.car_id = d.car_id AND s.date = d.date
WHERE d.car_id IS NULL OR s.car_id IS NULL OR d.expires_at IS DISTINCT FROM s.expires_at
ORDER BY coalesce(d.car_id, s.car_id), coalesce(d.date, s.date) LIMIT 1000
"""
# The zone of a car changes with its location, and a zone with its law: what was claimed before must still be right.
ELSEWHERE = """
SELECT 'car ' || s.car_id || ', ' || s.date || ': a span that lies on another local day'
FROM vehicle_assignments s JOIN cars c ON c.id = s.car_id JOIN locations l ON l.id = c.location_id
WHERE (s.starts_at AT TIME ZONE l.time_zone)::date <> s.date
  OR ((s.ends_at - interval '1 minute') AT TIME ZONE l.time_zone)::date <> s.date
ORDER BY s.car_id, s.date LIMIT 1000
"""
# What the constraint forbids, asked without its index.
OVERLAPPING = """
SELECT 'car ' || car_id || ', ' || date || ': two spans at one time' FROM (
  SELECT car_id, date, starts_at - before_minutes * interval '1 minute' AS since,
    max(ends_at + after_minutes * interval '1 minute') OVER (
      PARTITION BY car_id ORDER BY starts_at - before_minutes * interval '1 minute', id
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS until
  FROM vehicle_assignments
) AS kept WHERE since < until
ORDER BY car_id, date LIMIT 1000
"""


def check_spans() -> list[str]:
    """Everything that differs; an empty list is the proof. Reads one moment of the database, changes nothing."""
    return [said for proof in (UNLIKE, UNWANTED, DAYS, ELSEWHERE, OVERLAPPING) for (said,) in _rows(proof)]


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
