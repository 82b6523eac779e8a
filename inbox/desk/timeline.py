"""The calendar's table: one row per car, one column per day, bars for whoever has the car. Three queries for any size."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from bookings.days import Days
from bookings.models import PLACES, Block, Booking, CarAvailability
from bookings.models.names import greeted
from cars.models import Car, Location

SATURDAY = 5
Ledger = CarAvailability.Status


@dataclass(frozen=True)
class Bar:
    """Consecutive days of one claimant, cut to the window. `days` are all of its days."""

    look: str  # the booking's status, or held, block, buffer, other
    days: Days
    span: int
    name: str = ""
    short: str = ""
    words: str = ""
    booking: Booking | None = None
    block: Block | None = None
    late: bool = False


@dataclass(frozen=True)
class Cell:
    """One table cell: a bar over several columns, a free day to book, or nothing."""

    day: date
    bar: Bar | None = None
    bookable: bool = False
    weekend: bool = False


@dataclass(frozen=True)
class Row:
    """One car."""

    car: Car
    cells: list[Cell]


@dataclass(frozen=True)
class Head:
    """One column's heading."""

    day: date
    weekend: bool
    today_at: str  # the locations where it is today


@dataclass(frozen=True)
class Timeline:
    """The whole table, cars grouped by location."""

    heads: list[Head]
    places: list[tuple[Location, list[Row]]] = field(default_factory=list)


def build(cars: list[Car], window: Days, at: datetime, *, status: str = "") -> Timeline:
    """The table of `cars` (with their locations). With a `status`, only bookings in it are named."""
    taken: dict[int, dict[date, CarAvailability]] = {car.pk: {} for car in cars}
    for day in _ledger(cars, window, at):
        taken[day.car_id][day.date] = day
    shown = [car for car in cars if car.status != Car.Status.RETIRED or taken[car.pk]]
    rows = [Row(car, list(_cells(car, window, taken[car.pk], at, status))) for car in shown]
    by_place = groupby(rows, key=lambda row: row.car.location_id)
    places = [(group[0].car.location, group) for group in (list(found) for _key, found in by_place)]
    return Timeline([_head(day, [place for place, _rows in places], at) for day in window], places)


def _ledger(cars: list[Car], window: Days, at: datetime) -> Iterator[CarAvailability]:
    return iter(
        CarAvailability.objects.filter(
            Q(expires_at=None) | Q(expires_at__gt=at),
            car__in=cars,
            date__range=(window.start, window.end),
        )
        .select_related("booking", "hold", "block")
        .prefetch_related(Prefetch("booking__places", PLACES.queryset))
    )


def _cells(
    car: Car, window: Days, taken: dict[date, CarAvailability], at: datetime, status: str
) -> Iterator[Cell]:
    today = car.location.today(at)
    for key, days in groupby(window, key=lambda day: _claim(taken.get(day))):
        group = list(days)
        if key is not None:
            bar = _bar(car, taken[group[0]], len(group), at, status)
            yield Cell(group[0], bar=bar)
            continue
        for day in group:
            yield Cell(day, bookable=car.is_offered and day >= today, weekend=day.weekday() >= SATURDAY)


def _claim(day: CarAvailability | None) -> tuple[Any, ...] | None:
    """The same for neighbouring days of one bar."""
    if day is None:
        return None
    return (day.booking_id, day.hold_id, day.block_id, day.status == Ledger.BUFFER)


def _bar(car: Car, day: CarAvailability, span: int, at: datetime, status: str) -> Bar:
    if day.status == Ledger.BUFFER:
        owner: Any = day.booking or day.hold
        return Bar("buffer", owner.days, span, name=_("Buffer"), words=_("kept free"))
    if day.booking:
        return _booking_bar(car, day.booking, span, at, status)
    if day.hold:
        return Bar("held", day.hold.days, span, name=_("Held"), words=_("being booked"))
    block: Any = day.block
    name = block.note or block.get_kind_display()
    return Bar("block", block.days, span, name=name, words=_("Blocked"), block=block)


def _booking_bar(car: Car, booking: Booking, span: int, at: datetime, status: str) -> Bar:
    booking.car = car  # loaded already, with its location
    if status and booking.status != status:
        return Bar("other", booking.days, span, name=_("Taken"))
    late = booking.is_overdue(at)
    return Bar(
        look=Booking.Status.CANCELLED if booking.is_no_show else booking.status,
        days=booking.days,
        span=span,
        name=initials(booking.full_name) if span == 1 else short_name(booking.full_name),
        short=booking.full_name,
        words=_("Overdue") if late else booking.said_status,
        booking=booking,
        late=late,
    )


def short_name(name: str) -> str:
    """ "M. Oliveira", "J.-B. Lefèvre"; a name of which the first is not known stays whole."""
    first, _space, rest = name.strip().partition(" ")
    if greeted(name) != first or not rest:
        return name.strip()
    return "-".join(f"{part[:1]}." for part in first.split("-") if part) + f" {rest}"


def initials(name: str) -> str:
    """ "MO"."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def _head(day: date, places: list[Location], at: datetime) -> Head:
    here = [place.name for place in places if place.today(at) == day]
    # Named only while the locations disagree about the date.
    names = ", ".join(here) if len(here) < len(places) else _("today") if here else ""
    return Head(day, day.weekday() >= SATURDAY, names)
