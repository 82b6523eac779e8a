"""What `manage.py bench` measures, one module each, and the fleet that all of it books from.

Every measurement gets a range of slots of its own, so that no booking ever meets another: these are figures of
bookings that succeed.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone

import cars.models
from bookings.days import Days
from bookings.lifecycle.request import Person
from cars.models import Agency, Car, Location
from exodrive.rls import PUBLIC, STAFF, acting_as

LENGTH = 3  # days of every booking
SLOTS_PER_CAR = 118  # of three days, within the horizon of a year
ROUND = 4_000  # slots of one measurement at most
PHONE = "+33 6 00 00 00 00"
FIRST_ID = 700_001  # numbers that stand nowhere else in a statement


def repeated(seconds: float) -> Iterator[None]:
    """Again and again for so many seconds, and once at least: a slow machine has a figure, too."""
    begin = time.perf_counter()
    yield
    while time.perf_counter() - begin < seconds:
        yield


class Slot(NamedTuple):
    """A car that is free on these days."""

    car: Car
    days: Days

    def person(self) -> Person:
        """Somebody who has never booked before."""
        return Person("Bench Mark", f"bench-{self.car.pk}-{self.days.start}@example.com")


@dataclass(frozen=True, slots=True)
class Fleet:
    """Several hundred equal cars and their free days."""

    cars: list[Car]

    @classmethod
    def make(cls, count: int) -> None:
        """Write `count` cars into an empty database."""
        with acting_as(STAFF):
            agency = Agency.objects.create(name="Bench", slug="bench")
            place = Location.objects.create(
                agency=agency, name="Bench", slug="bench", address="Bench", latitude=45, longitude=4
            )
            rules = cars.models.Fleet.default()
            Car.objects.bulk_create(
                Car(
                    fleet=rules,
                    pk=FIRST_ID + number,
                    location=place,
                    make="Bench",
                    model=str(number),
                    slug=f"bench-{number}",
                    plate=f"BENCH-{number}",
                    year=2026,
                    seats=4,
                    power_kw=100,
                    daily_rate=Decimal(100),
                    weekend_rate=Decimal(120),
                    deposit=Decimal(1000),
                )
                for number in range(count)
            )

    @classmethod
    def load(cls) -> "Fleet":
        """The cars as the API has them when it calls the verb."""
        with acting_as(PUBLIC):
            cars = Car.objects.select_related("location").prefetch_related("location__opening_hours")
            return cls(list(cars.order_by("pk")))

    def slots(self, measurement: int, *, first: int = 0, step: int = 1) -> Iterator[Slot]:
        """The slots of a measurement, or every `step`-th from `first`. Ends after ROUND slots."""
        tomorrow = timezone.localdate() + timedelta(days=2)
        begin = measurement * ROUND
        end = min(begin + ROUND, len(self.cars) * SLOTS_PER_CAR)
        for number in range(begin + first, end, step):
            start = tomorrow + timedelta(days=LENGTH * (number // len(self.cars)))
            yield Slot(self.cars[number % len(self.cars)], Days.starting(start, LENGTH))

    @property
    def measurements(self) -> int:
        """How many measurements have slots."""
        return len(self.cars) * SLOTS_PER_CAR // ROUND
