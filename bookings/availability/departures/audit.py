"""Prove the seats: every departure has as many as it says, and whoever has one has exactly those that it pays for.

Run as exo_service, as a part of `check_ledger`. What a lapsed hold still has, or has lost, is no fault.
"""

from django.db import connection

COUNTED = """
SELECT 'departure ' || d.id || ' has not exactly its seats' FROM tour_departures d
WHERE d.capacity <> (SELECT count(*) FROM departure_seats s WHERE s.departure_id = d.id)
ORDER BY 1 LIMIT 1000
"""
# Who wants how many seats of which departure, and what they have, with the instant at which it lapses.
UNLIKE = """
WITH wanted AS (
  SELECT 'booking ' || b.reference AS who, b.id AS booking_id, NULL::uuid AS hold_id, r.departure_id, r.seats,
    NULL::timestamptz AS expires_at
  FROM rides r JOIN bookings b ON b.id = r.booking_id
  WHERE r.departure_id IS NOT NULL AND b.status NOT IN ('cancelled', 'refunded')
  UNION ALL
  SELECT 'hold ' || id, NULL, id, departure_id, seats, expires_at
  FROM holds WHERE departure_id IS NOT NULL AND booking_id IS NULL AND expires_at > now()
)
SELECT w.who || ' has not exactly its seats' FROM wanted w
CROSS JOIN LATERAL (
  SELECT count(*) AS n, bool_and(
    s.departure_id = w.departure_id AND s.expires_at IS NOT DISTINCT FROM w.expires_at
  ) AS alike
  FROM departure_seats s WHERE s.booking_id = w.booking_id OR s.hold_id = w.hold_id
) AS has
WHERE NOT coalesce(has.alike AND has.n = w.seats, false)
ORDER BY 1 LIMIT 1000
"""
# Seats of whoever wants none: called off, a hold that is a booking, or no ride on a departure.
UNWANTED = """
SELECT 'departure ' || s.departure_id || ', seat ' || s.seat || ': taken by nobody who wants it'
FROM departure_seats s
LEFT JOIN (bookings b JOIN rides r ON r.booking_id = b.id AND r.departure_id IS NOT NULL)
  ON b.id = s.booking_id AND b.status NOT IN ('cancelled', 'refunded')
LEFT JOIN holds h ON h.id = s.hold_id AND h.departure_id IS NOT NULL AND h.booking_id IS NULL
WHERE (s.booking_id IS NOT NULL AND b.id IS NULL) OR (s.expires_at > now() AND h.id IS NULL)
ORDER BY s.departure_id, s.seat LIMIT 1000
"""
# A cancelled one has nobody, and bookings go where and when their departure goes.
ELSEWHERE = """
SELECT 'booking ' || b.reference || ' goes elsewhere than its departure'
FROM rides r JOIN bookings b ON b.id = r.booking_id JOIN tour_departures d ON d.id = r.departure_id
JOIN tours t ON t.id = d.tour_id
WHERE b.status NOT IN ('cancelled', 'refunded') AND (d.status = 'cancelled'
  OR (d.car_id, d.starts_at, d.ends_at, t.service_id) <> (b.car_id, r.starts_at, r.ends_at, r.service_id))
ORDER BY 1 LIMIT 1000
"""


def check_seats() -> list[str]:
    """Everything that differs; an empty list is the proof. Reads one moment of the database, changes nothing."""
    found = []
    with connection.cursor() as cursor:
        for proof in (COUNTED, UNLIKE, UNWANTED, ELSEWHERE):
            cursor.execute(proof)
            found += [said for (said,) in cursor.fetchall()]
    return found
