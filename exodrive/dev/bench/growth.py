"""Free cars of a fleet of 1,000 and of one of 100,000: the first page must not take much longer.

Every car is taken five days of eight, so one day finds many, four find none, and fourteen are far from any.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

import psycopg
from django.test import Client
from django.utils import timezone

from bookings.models import Block
from cars.models import Car
from exodrive.dev.bench import Fleet, repeated, search
from exodrive.dev.bench.spent import Both
from exodrive.rls import STAFF, acting_as

FEW, MANY = 1_000, 100_000
RATIO_LIMIT = 3
AHEAD = search.AHEAD - timedelta(days=2)  # the first day that is taken
TAKEN = 15  # days of every car from then on: more than three weeks
LENGTHS = (1, search.LONGEST_GAP + 1, 14)
WANTED = {
    "first page": "/en/cars/?start={start}&end={end}",
    "first page, filters and order": "/en/cars/?start={start}&end={end}&seats=4&gearbox=automatic"
    "&max_price=300&max_total=4000&sort=dearest",
    "GET /api/cars": "/api/cars?start={start}&end={end}&page_size=25",
    "GET /api/cars, filters and order": "/api/cars?start={start}&end={end}&page_size=25&seats=4&max_total=4000"
    "&sort=dearest",
}
ASIDE = ("car_availability", "cars")  # tables whose triggers look at one row at a time


@dataclass(frozen=True)
class Row:
    """What one page takes of the processors beside few cars and beside many, in ms."""

    name: str
    few: float
    many: float

    @property
    def ratio(self) -> float:
        """How many times as much."""
        return self.many / self.few


def grow(owner_url: str, car: Car, block: Block, count: int) -> None:
    """So many equal cars at different rates in all, and their days, in bulk."""
    own = {"id", "slug", "plate", "daily_rate"}
    same = ", ".join(f.column for f in Car._meta.concrete_fields if f.column and f.column not in own)
    with acting_as(STAFF):
        there = Car.objects.count()
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute("TRUNCATE car_availability CASCADE")
        for table in ASIDE:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        connection.execute(search.COPIES.format(same=same), [there, count - 1, car.pk])
        connection.execute(search.DAYS, [timezone.localdate() + AHEAD, block.pk, TAKEN - 1])
        for table in ASIDE:
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        connection.execute("UPDATE cars SET updated_at = now() WHERE id = %s", [car.pk])  # a new catalogue
        connection.execute("UPDATE car_availability SET updated_at = now() WHERE car_id = %s", [car.pk])
        connection.execute("VACUUM ANALYZE cars, car_availability")


def rows(owner_url: str, seconds: float) -> Iterator[Row]:
    """Each page at both sizes; the slow first one, which reads what the process then keeps, is not counted."""
    car = Fleet.load().cars[0]
    day = timezone.localdate() + timedelta(days=360)
    with acting_as(STAFF):
        block = Block.objects.create(car=car, start_date=day, end_date=day)
    client, cost = Client(HTTP_HOST="localhost"), Both()
    found: dict[tuple[str, int], list[float]] = {}
    for count in (FEW, MANY):
        grow(owner_url, car, block, count)
        for name, length, path in _pages():
            found[f"{name}, {length} days", count] = _ask(client, cost, path, seconds)
    for name, length, _path in _pages():
        both = [1000 * median(found[f"{name}, {length} days", count]) for count in (FEW, MANY)]
        yield Row(f"{name}, {length} days", *both)


def _pages() -> Iterator[tuple[str, int, str]]:
    for name, path in WANTED.items():
        for length in LENGTHS:
            days = search.wanted(length)
            yield name, length, path.format(start=days.start, end=days.end)


def _ask(client: Client, cost: Any, path: str, seconds: float) -> list[float]:
    taken = []
    client.get(path)
    for _ in repeated(seconds):
        answer, spent = cost(lambda: client.get(path))
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
        taken.append(spent)
    return taken
