"""What instead of days that cannot be had: the nearest free ranges of the same length, and sister cars."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Case, F, When
from django.db.models.functions import Abs

from bookings.availability import rules
from bookings.availability.as_of import AsOf
from bookings.availability.free_cars import free_cars
from bookings.availability.ledger import taken_dates, taken_dates_of
from bookings.availability.still_out import late_days, still_out
from bookings.days import ONE_DAY, Days
from bookings.errors import DaysRefused
from cars.catalogue import catalogue
from cars.models import Car
from cars.pricing.daily import PricingOptions, Quote, quote_rental
from cars.pricing.tariff import tariff_of

LOOK_AROUND = 60  # days before and after, for the nearest free range
SISTERS = 3


@dataclass(frozen=True, slots=True)
class Alternative:
    """Other days for the same car (`kind` "dates"), or another car on the same days ("car")."""

    kind: str
    car: Car
    days: Days
    quote: Quote

    def as_json(self) -> dict[str, Any]:
        """As the API says it."""
        return {
            "kind": self.kind,
            "car": self.car,
            "carId": self.car.pk,
            "start": self.days.start,
            "end": self.days.end,
            "quote": self.quote,
        }


def alternatives(
    car: Car, days: Days, *, as_of: AsOf, pricing: PricingOptions | None = None
) -> list[Alternative]:
    """The nearest free ranges of the same length before and after, then up to three sister cars on the same days.

    The prices are those for `pricing`.
    """
    other_days = nearest_ranges(car, days, as_of=as_of)
    found = [("dates", car, near) for near in other_days]
    found += [("car", sister, days) for sister in sister_cars(car, days, as_of)]
    ranges = [days, *other_days]
    cars = (car, *(one for _kind, one, _when in found))
    tariff = tariff_of(min(r.start for r in ranges), max(r.end for r in ranges), *cars)
    return [
        Alternative(kind, one, when, quote_rental(one, when, tariff, pricing or PricingOptions()))
        for kind, one, when in found
    ]


def nearest_ranges(car: Car, days: Days, *, as_of: AsOf) -> list[Days]:
    """The closest allowed and free range of the same length on either side, the nearer one first. One query."""
    window = Days(days.start - LOOK_AROUND * ONE_DAY, days.end + (LOOK_AROUND + car.buffer) * ONE_DAY)
    booked = taken_dates(car, window.start, window.end, as_of=as_of)
    fits = _fits(car, booked, as_of, lambda near: bool(still_out(car, near, as_of.at)))
    found = []
    for direction in (-1, 1):
        shifts = (direction * n for n in range(1, LOOK_AROUND + 1))
        near = next((s for n in shifts if fits(s := _shifted(days, n))), None)
        found += [near] if near else []
    return sorted(found, key=lambda near: abs((near.start - days.start).days))


def next_free_of(cars: Sequence[Car], days: Days, *, at: datetime) -> dict[int, Days]:
    """For each car the first free range of the same length that starts on or after `days.start`. Two queries, and one
    more where that is today."""
    longest_buffer = max((car.buffer for car in cars), default=0)
    ahead = (LOOK_AROUND + longest_buffer) * ONE_DAY
    if date.max - days.end < ahead:
        return {}
    cars = [
        car for car in cars if len(days) <= car.longest
    ]  # others are never free for so long; asking takes its time
    last = days.end + ahead
    booked = taken_dates_of([car.pk for car in cars], days.start, last, as_of=AsOf(at))
    ranges = [_shifted(days, n) for n in range(LOOK_AROUND + 1)]
    places = {place.pk: place for place in catalogue().locations}
    for car in cars:
        car.location = places[car.location_id]
    late, found = late_days(cars, days.start, at), {}
    for car in cars:
        fits = _fits(car, booked[car.pk], AsOf(at), partial(_begins_on, late.get(car.pk)))
        if near := next((candidate for candidate in ranges if fits(candidate)), None):
            found[car.pk] = near
    return found


def sister_cars(car: Car, days: Days, as_of: AsOf) -> list[Car]:
    """Up to three free cars: same place first, then by seats, then by price. Two queries and their pictures."""
    elsewhere = Case(When(location=car.location_id, then=0), default=1)
    nearest = (
        free_cars(days, as_of)
        .exclude(pk=car.pk)
        .order_by(elsewhere, Abs(F("seats") - car.seats), Abs(F("daily_rate") - car.daily_rate), "pk")
    )
    return list(nearest.select_related("location").prefetch_related("images")[:SISTERS])


def _begins_on(day: date | None, days: Days) -> bool:
    return days.start == day


def _fits(car: Car, booked: set[date], as_of: AsOf, is_out: Callable[[Days], bool]) -> Callable[[Days], bool]:
    def fits(days: Days) -> bool:
        claimed = days.with_buffer(car.buffer)
        if any(day in booked for day in claimed) or is_out(days):
            return False
        return not rules.reasons(car, days, as_of.at, passed=as_of.passed)

    return fits


def _shifted(days: Days, n: int) -> Days:
    return Days(days.start + timedelta(days=n), days.end + timedelta(days=n))


@contextmanager
def with_alternatives(*, as_of: AsOf, pricing: PricingOptions | None = None) -> Iterator[None]:
    """Add `alternatives` to the details of a refusal of days."""
    try:
        yield
    except DaysRefused as refusal:
        if refusal.asked:
            refusal.details["alternatives"] = alternatives(*refusal.asked, as_of=as_of, pricing=pricing)
        raise
