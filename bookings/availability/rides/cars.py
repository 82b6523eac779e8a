"""The car that takes a ride: chosen in the booking's own transaction, so that rides gather on few cars.

A pool that only counts breaks promises: cars have days of their own, and rides cross midnight. Whoever is told yes has a
car. Which one stays open to a swap.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import connection, transaction
from django.utils.translation import gettext as _

from bookings.availability.ledger import lock_cars
from bookings.availability.rides.wish import Wish
from bookings.availability.rules import Reason
from bookings.errors import DatesTaken
from cars.models import Car

Taker = TypeVar("Taker")

# Free of other claims in its hours, gaps included; first those that drive that day anyhow, then the smaller hole around it.
FREE = """
SELECT c.id
FROM cars c
CROSS JOIN LATERAL (
  SELECT EXISTS (
      SELECT FROM car_availability d
      WHERE d.car_id = c.id AND d.date BETWEEN %(first)s AND %(last)s AND d.status = 'service'
        AND (d.expires_at IS NULL OR d.expires_at > now())
    ) AS drives,
    (SELECT max(a.ends_at + a.after_minutes * interval '1 minute') FROM vehicle_assignments a
      WHERE a.car_id = c.id AND a.date BETWEEN %(first)s - 1 AND %(last)s AND a.starts_at < %(since)s
        AND (a.expires_at IS NULL OR a.expires_at > now())) AS earlier,
    (SELECT min(a.starts_at - a.before_minutes * interval '1 minute') FROM vehicle_assignments a
      WHERE a.car_id = c.id AND a.date BETWEEN %(first)s AND %(last)s + 1 AND a.ends_at > %(until)s
        AND (a.expires_at IS NULL OR a.expires_at > now())) AS later
) AS around
WHERE c.car_class_id = %(car_class)s AND c.location_id = %(location)s AND c.status = 'offered'
  AND NOT EXISTS (
    SELECT FROM car_availability d
    WHERE d.car_id = c.id AND d.date BETWEEN %(first)s AND %(last)s AND d.status <> 'service'
      AND (d.expires_at IS NULL OR d.expires_at > now())
  )
  AND NOT EXISTS (
    SELECT FROM vehicle_assignments a
    WHERE a.car_id = c.id AND a.date BETWEEN %(first)s - 1 AND %(last)s + 1
      AND a.starts_at - a.before_minutes * interval '1 minute' < %(until)s
      AND a.ends_at + a.after_minutes * interval '1 minute' > %(since)s
      AND (a.expires_at IS NULL OR a.expires_at > now())
  )
ORDER BY around.drives DESC,
  coalesce(around.later, %(until)s + interval '1 day') - coalesce(around.earlier, %(since)s - interval '1 day'),
  c.id
"""


def free_cars(wish: Wish) -> list[int]:
    """The ids of the cars of its class that could take it, the best first. One statement; of this moment alone."""
    days = wish.hours.days(wish.service.location.zone)
    since, until = wish.hours.kept
    values: dict[str, Any] = {
        "car_class": wish.car_class.pk,
        "location": wish.service.location_id,
        "first": days.start,
        "last": days.end,
        "since": since,
        "until": until,
    }
    with connection.cursor() as cursor:
        cursor.execute(FREE, values)
        return [pk for (pk,) in cursor.fetchall()]


def assign(wish: Wish, take: Callable[[Car], Taker]) -> Taker:
    """What `take` makes of the first car that it gets; it claims the hours, and raises DatesTaken where it cannot.

    Each try is a savepoint of its own: with it goes the lock of a car that was had by a rival, so that nobody holds locks
    out of order. Must run in a transaction. Raises DatesTaken when no car of the class is left.
    """
    for car in _in_order(free_cars(wish)):
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


def _in_order(ids: list[int]) -> Iterable[Car]:
    """Read one at a time: as a rule the first one is had."""
    for pk in ids:
        yield Car.objects.select_related("location").get(pk=pk)
