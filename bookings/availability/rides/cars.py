"""The car that takes a ride: chosen in the booking's own transaction, so that rides gather on few cars.

A pool that only counts breaks promises: cars have days of their own, and rides cross midnight. Whoever is told yes has a
car. Which one stays open to a swap.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection, transaction
from django.utils.translation import gettext as _

from bookings.availability.ledger import lock_cars
from bookings.availability.rides.wish import Wish
from bookings.availability.rules import Reason
from bookings.availability.still_out import is_binding
from bookings.errors import DatesTaken
from bookings.models import Booking, Hold
from cars.models import Car

Taker = TypeVar("Taker")
Own = Hold | Booking | None

# What keeps a car from a ride: another claim on one of its days, hours that touch its own, gaps included, and a customer
# who is late with it today, unless staff ask (`bookings.availability.still_out`).
FREE = """
c.location_id = %(location)s AND c.status = 'offered'
  AND NOT EXISTS (
    SELECT FROM car_availability d
    WHERE d.car_id = c.id AND d.date BETWEEN w.first AND w.last AND d.status <> 'service'
      AND (d.expires_at IS NULL OR d.expires_at > now() AND d.hold_id IS DISTINCT FROM %(ignoring)s::uuid)
  )
  AND NOT EXISTS (
    SELECT FROM vehicle_assignments a
    WHERE a.car_id = c.id AND a.date BETWEEN w.first - 1 AND w.last + 1
      AND a.starts_at - a.before_minutes * interval '1 minute' < w.until
      AND a.ends_at + a.after_minutes * interval '1 minute' > w.since
      AND (a.expires_at IS NULL OR a.expires_at > now())
      AND coalesce(a.hold_id, a.booking_id, a.id) IS DISTINCT FROM %(ignoring)s::uuid
  )
  AND NOT (%(not_late)s AND w.first <= %(today)s AND c.id IN (SELECT late_cars(%(at)s)))
"""
WISHES = """
unnest(
  %(classes)s::bigint[], %(firsts)s::date[], %(lasts)s::date[], %(sinces)s::timestamptz[], %(untils)s::timestamptz[]
) WITH ORDINALITY AS w (car_class, first, last, since, until, n)
"""
# First those that drive that day anyhow, then the smaller hole around it.
BEST = f"""
SELECT c.id
FROM {WISHES} JOIN cars c ON c.car_class_id = w.car_class
CROSS JOIN LATERAL (
  SELECT EXISTS (
      SELECT FROM car_availability d
      WHERE d.car_id = c.id AND d.date BETWEEN w.first AND w.last AND d.status = 'service'
        AND (d.expires_at IS NULL OR d.expires_at > now())
    ) AS drives,
    (SELECT max(a.ends_at + a.after_minutes * interval '1 minute') FROM vehicle_assignments a
      WHERE a.car_id = c.id AND a.date BETWEEN w.first - 1 AND w.last AND a.starts_at < w.since
        AND (a.expires_at IS NULL OR a.expires_at > now())) AS earlier,
    (SELECT min(a.starts_at - a.before_minutes * interval '1 minute') FROM vehicle_assignments a
      WHERE a.car_id = c.id AND a.date BETWEEN w.first AND w.last + 1 AND a.ends_at > w.until
        AND (a.expires_at IS NULL OR a.expires_at > now())) AS later
) AS around
WHERE {FREE}
ORDER BY around.drives DESC,
  coalesce(around.later, w.until + interval '1 day') - coalesce(around.earlier, w.since - interval '1 day'),
  c.id
"""  # noqa: S608
HAD = f"SELECT w.n FROM {WISHES} WHERE EXISTS (SELECT FROM cars c WHERE c.car_class_id = w.car_class AND {FREE})"  # noqa: S608


def free_cars(wish: Wish, at: datetime, ignoring: Own = None) -> list[int]:
    """The ids of the cars of its class that could take it, the best first. One statement; as of the instant `at`.

    What the hold or booking `ignoring` has is the asker's own.
    """
    return [pk for (pk,) in _rows(BEST, [wish], at, ignoring)]


def that_can_be_had(wishes: Sequence[Wish], at: datetime, ignoring: Own = None) -> list[Wish]:
    """Those of one service's wishes for which some car is free, in their order. One statement for all of them.

    The hold or booking `ignoring` is the asker's own: what it keeps is theirs to have.
    """
    had = {n for (n,) in _rows(HAD, wishes, at, ignoring)} if wishes else set()
    return [wish for n, wish in enumerate(wishes, 1) if n in had]


def _rows(sql: str, wishes: Sequence[Wish], at: datetime, ignoring: Own = None) -> list[tuple[int]]:
    place = wishes[0].service.location
    days = [wish.hours.days(place.zone) for wish in wishes]
    kept = [wish.hours.kept for wish in wishes]
    values: dict[str, Any] = {
        "location": place.pk,
        "classes": [wish.car_class.pk for wish in wishes],
        "firsts": [span.start for span in days],
        "lasts": [span.end for span in days],
        "sinces": [since for since, _until in kept],
        "untils": [until for _since, until in kept],
        "not_late": is_binding(),
        "today": place.today(at),
        "at": at,
        "ignoring": ignoring.pk if ignoring else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def assign(wish: Wish, at: datetime, take: Callable[[Car], Taker], *, only: Car | None = None) -> Taker:
    """What `take` makes of the first car that it gets; it claims the hours, and raises DatesTaken where it cannot.

    `only` is the very car that is wanted.

    Each try is a savepoint of its own: with it goes the lock of a car that was had by a rival, so that nobody holds locks
    out of order. Must run in a transaction. Raises DatesTaken when no car of the class is left.
    """
    free = free_cars(wish, at)
    for car in in_order([pk for pk in free if only is None or pk == only.pk]):
        try:
            with transaction.atomic():
                lock_cars(car.pk)
                return take(car)
        except DatesTaken:
            continue
    raise DatesTaken(reasons=[none_left()])


def none_left() -> Reason:
    """Every car of the class is elsewhere at that time."""
    return Reason("sold_out", _("No car of this class is free at that time."))


def in_order(ids: list[int]) -> Iterable[Car]:
    """The cars, read one at a time: as a rule the first one is had."""
    for pk in ids:
        yield Car.objects.select_related("location").get(pk=pk)
