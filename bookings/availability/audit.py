"""Prove the day ledger: rebuild it from bookings, holds and blocks, and name every day that differs.

Run as exo_service. What a lapsed hold still has, or has lost to others, is no drift; neither is a buffer day that
another claimant took by a member of staff's override.
"""

from datetime import date

from django.db import connection

from bookings.availability.departures.audit import check_seats
from bookings.availability.hours.audit import check_spans
from bookings.models import Booking

# The first core day is the start booked, or the day on which the car left, when that was before it. The last one is the
# earlier of the end booked and the local date of the return, but never before the first. Days before a swap are on the
# cars of the booking's segments, the rest on its present one. A no-show has its days until the one on which nobody came,
# and no buffer. Whoever has a car by the hour has no days: `check_spans` proves those.
EXPECTED = """
WITH turned AS (
  SELECT b.*, coalesce(s.since, b.out_from, b.start_date) AS since
  FROM bookings b LEFT JOIN (
    SELECT booking_id, max(end_date) + 1 AS since FROM booking_segments GROUP BY 1
  ) AS s ON s.booking_id = b.id
  WHERE b.status IN ('pending', 'upcoming', 'active', 'completed')
    AND NOT EXISTS (SELECT 1 FROM rides r WHERE r.booking_id = b.id)
), spans AS (
  SELECT b.id AS booking_id, NULL::uuid AS hold_id, NULL::bigint AS block_id, b.car_id, b.since AS start_date, b.buffer_days,
         CASE WHEN b.status = 'pending' THEN 'pending' ELSE 'booked' END AS status, NULL::timestamptz AS expires_at,
         greatest(b.since, least(b.end_date, (b.returned_at AT TIME ZONE l.time_zone)::date)) AS last
  FROM turned b
  JOIN cars c ON c.id = b.car_id
  LEFT JOIN booking_locations p ON p.booking_id = b.id AND p.kind = 'drop_off'
  JOIN locations l ON l.id = coalesce(p.location_id, c.location_id)
  UNION ALL
  SELECT s.booking_id, NULL, NULL, s.car_id, s.start_date, 0, 'booked', NULL, s.end_date
  FROM booking_segments s JOIN turned b ON b.id = s.booking_id
  UNION ALL
  SELECT id, NULL, NULL, car_id, start_date, 0, 'booked', NULL, kept_until
  FROM bookings WHERE kept_until IS NOT NULL
  UNION ALL
  SELECT NULL, id, NULL, car_id, start_date, buffer_days, 'held', expires_at, end_date
  FROM holds WHERE booking_id IS NULL AND expires_at > now() AND starts_at IS NULL
  UNION ALL
  SELECT NULL, NULL, id, car_id, start_date, 0, 'blocked', NULL, end_date FROM blocked_dates WHERE starts_at IS NULL
), expected AS (
  SELECT s.car_id, s.start_date + n AS date, s.booking_id, s.hold_id, s.block_id, s.expires_at,
         CASE WHEN s.start_date + n <= s.last THEN s.status ELSE 'buffer' END AS status
  FROM spans s, LATERAL generate_series(0, s.last - s.start_date + s.buffer_days) AS n
), actual AS (
  SELECT a.* FROM car_availability a
  LEFT JOIN holds h ON h.id = a.hold_id
  WHERE a.status <> 'service' AND (a.hold_id IS NULL OR h.expires_at > now())
)
"""
MISSING = """
SELECT e.car_id, e.date, e.status, a.status
FROM expected e LEFT JOIN actual a ON a.car_id = e.car_id AND a.date = e.date
  AND a.status = e.status AND a.booking_id IS NOT DISTINCT FROM e.booking_id
  AND a.hold_id IS NOT DISTINCT FROM e.hold_id AND a.block_id IS NOT DISTINCT FROM e.block_id
  AND a.expires_at IS NOT DISTINCT FROM e.expires_at
WHERE a.id IS NULL AND NOT (
  e.status = 'buffer' AND EXISTS (SELECT 1 FROM actual o WHERE o.car_id = e.car_id AND o.date = e.date)
)
ORDER BY 1, 2 LIMIT 1000
"""
SURPLUS = """
SELECT a.car_id, a.date, NULL, a.status
FROM actual a LEFT JOIN expected e ON e.car_id = a.car_id AND e.date = a.date
  AND a.status = e.status AND a.booking_id IS NOT DISTINCT FROM e.booking_id
  AND a.hold_id IS NOT DISTINCT FROM e.hold_id AND a.block_id IS NOT DISTINCT FROM e.block_id
WHERE e.car_id IS NULL
ORDER BY 1, 2 LIMIT 1000
"""
EXTRAS = """
WITH expected AS (
  SELECT extra_id, d::date AS date, sum(quantity) AS taken
  FROM booking_extras, LATERAL generate_series(start_date, end_date, interval '1 day') AS d GROUP BY 1, 2
)
SELECT coalesce(e.extra_id, x.extra_id), coalesce(e.date, x.date), coalesce(e.taken, 0), coalesce(x.taken, 0)
FROM expected e FULL JOIN extra_days x ON x.extra_id = e.extra_id AND x.date = e.date
WHERE coalesce(e.taken, 0) <> coalesce(x.taken, 0) ORDER BY 1, 2 LIMIT 1000
"""
# Bookings whose cars do not follow each other from the day on which the first left, or leave nothing for the present one.
OUT_OF_TURN = """
SELECT DISTINCT b.reference
FROM (
  SELECT *, lag(end_date) OVER (PARTITION BY booking_id ORDER BY start_date) + 1 AS follows
  FROM booking_segments
) AS s JOIN bookings b ON b.id = s.booking_id
WHERE s.start_date <> coalesce(s.follows, b.out_from, b.start_date) OR s.end_date >= b.end_date OR b.handed_over_at IS NULL
ORDER BY 1 LIMIT 1000
"""


def check_ledger() -> list[str]:
    """Everything that differs; an empty list is the proof. Reads one moment of the database, changes nothing."""
    return [
        *(_day(row) for row in _rows(EXPECTED + MISSING)),
        *(_day(row) for row in _rows(EXPECTED + SURPLUS)),
        *(f"extra {extra}, {day}: {has} taken, {wants} booked" for extra, day, wants, has in _rows(EXTRAS)),
        *(f"booking {ref} has not one car after the other" for (ref,) in _rows(OUT_OF_TURN)),
        *check_spans(),
        *check_seats(),
        *(f"booking {ref} has no link" for ref in _linkless()),
    ]


def _linkless() -> list[str]:
    return list(Booking.objects.filter(link=None).order_by("reference").values_list("reference", flat=True))


def _day(row: tuple[int, date, str | None, str | None]) -> str:
    car, day, wanted, found = row
    return f"car {car}, {day}: {found or 'free'} in the ledger, {wanted or 'free'} by its claimants"


def _rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
