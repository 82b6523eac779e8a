"""Free cars between two dates, cheapest first, the first page: how long that takes when the fleet is large."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from bookings.availability.as_of import AsOf
from bookings.availability.free_cars import free_cars
from bookings.days import Days
from bookings.models import Block
from cars.models import Car
from exodrive.dev.bench import repeated
from exodrive.dev.bench.over_http import Answers, status_of

CARS = 10_000
TAKEN = 150  # days of every car
PAGE = 25
LONGEST_GAP = 3  # days; one more and no car is free, which is the most work
WARM_UP = 12  # answers that are not counted: each process reads for itself what it then keeps
AHEAD = timedelta(days=30)

COPIES = """
INSERT INTO cars (slug, plate, daily_rate, {same})
SELECT 'copy-' || n, 'C-' || n, 50 + n %% 400, {same} FROM cars, generate_series(%s::int, %s::int) AS n
WHERE id = %s
"""
# Five days taken, three free, and so on for most of a year, shifted from car to car: short gaps, no long ones.
DAYS = """
INSERT INTO car_availability (car_id, date, status, block_id)
SELECT c.id, %s::date + n + 3 * (n / 5) + (c.id %% 8)::int, 'blocked', %s
FROM cars c, generate_series(0, %s) AS n
"""


def fill(cursor: Any, *, car: Car, block: Block, count: int, first: date) -> None:
    """As the owner: `count` copies of `car`; every car of the ledger is then taken on TAKEN days from `first` on."""
    own = {"id", "slug", "plate", "daily_rate"}
    same = ", ".join(f.column for f in Car._meta.concrete_fields if f.column and f.column not in own)
    cursor.execute(COPIES.format(same=same), [1, count, car.pk])
    cursor.execute("DELETE FROM car_availability")
    cursor.execute(DAYS, [first, block.pk, TAKEN - 1])
    cursor.execute("ANALYZE cars, car_availability")


def wanted(length: int) -> Days:
    """So many days, thirty days from today."""
    return Days.starting(timezone.localdate() + AHEAD, length)


def first_page(days: Days) -> QuerySet[Car]:
    """The cheapest free cars."""
    return free_cars(days, AsOf(timezone.now())).order_by("daily_rate", "id")[:PAGE]


def over_http(length: int, *, seconds: float) -> Answers:
    """`GET /api/cars?start&end`, which counts all free cars as well, one after the other."""
    days = wanted(length)
    path = f"/api/cars?start={days.start}&end={days.end}&page_size={PAGE}"
    return _repeat(lambda: status_of("GET", path) == 200, seconds)


def _repeat(ask: Callable[[], bool], seconds: float) -> Answers:
    for _ in range(WARM_UP):
        ask()
    answers, begin = Answers(), time.perf_counter()
    for _ in repeated(seconds):
        asked = time.perf_counter()
        if ask():
            answers.seconds.append(time.perf_counter() - asked)
    answers.elapsed = time.perf_counter() - begin
    return answers
