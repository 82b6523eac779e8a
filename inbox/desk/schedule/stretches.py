"""Runs of days in the ledger: PostgreSQL puts the days of one claimant together, so that no page fetches single days."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from bookings.days import Days


class Stretch(NamedTuple):
    """Consecutive days of one claimant on one car, whole: they may begin before a window and end after it.

    A service day stands alone and is nobody's; with one block for hours on it and nothing else, it is that block's.
    """

    car_id: int
    booking_id: UUID | None
    hold_id: UUID | None
    block_id: int | None
    buffer: bool
    first: date
    last: date
    spans: int = 0  # of a service day: how many times of its hours are taken


# Days less their number in the row of the claimant's days are the same for neighbours.
STRETCHES = """
WITH seen AS (
    SELECT DISTINCT car_id, booking_id, hold_id, block_id FROM car_availability
    WHERE car_id = ANY(%(cars)s) AND date BETWEEN %(first)s AND %(last)s
        AND (expires_at IS NULL OR expires_at > %(at)s)
), numbered AS (
    SELECT day.car_id, day.booking_id, day.hold_id, day.block_id, day.status = 'buffer' AS buffer, day.date,
        day.date - row_number() OVER (
            PARTITION BY day.car_id, day.booking_id, day.hold_id, day.block_id, day.status = 'buffer' ORDER BY day.date
        )::int AS island
    FROM seen JOIN car_availability AS day ON day.car_id = seen.car_id AND (
        day.booking_id = seen.booking_id OR day.hold_id = seen.hold_id OR day.block_id = seen.block_id
    )
)
SELECT car_id, booking_id, hold_id, block_id, buffer, min(date) AS first, max(date), 0 FROM numbered
GROUP BY car_id, booking_id, hold_id, block_id, buffer, island
HAVING min(date) <= %(last)s AND max(date) >= %(first)s
UNION ALL
SELECT car_id, NULL, NULL, CASE WHEN count(*) = 1 THEN min(block_id) END, false, date, date, count(*)
FROM vehicle_assignments
WHERE car_id = ANY(%(cars)s) AND date BETWEEN %(first)s AND %(last)s AND (expires_at IS NULL OR expires_at > %(at)s)
GROUP BY car_id, date
ORDER BY car_id, first
"""


def stretches(cars: Sequence[int], window: Days, at: datetime) -> list[Stretch]:
    """What meets `window` on these cars, by car and day. Holds that ran out before `at` are free. One query."""
    asked: Any = {"cars": list(cars), "first": window.start, "last": window.end, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(STRETCHES, asked)
        return [Stretch(*row) for row in cursor.fetchall()]
