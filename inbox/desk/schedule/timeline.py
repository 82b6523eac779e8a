"""The calendar's table: one row per car, one column per day, bars for whoever has the car.

As many queries for fifty cars as for one: the ledger's stretches, and their bookings, holds and blocks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache, partial
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.days import Days
from bookings.models import Block, Booking, Hold
from bookings.models.names import greeted
from cars.models import Car, Location
from exodrive.i18n import formats
from exodrive.money import Money
from inbox.desk.schedule import hours
from inbox.desk.schedule.late import drawn_to, still_out
from inbox.desk.schedule.stretches import Stretch, stretches

SATURDAY = 5
PRICED = 2  # days; a longer bar has room for the price
A_DAY = timedelta(days=1)
# All that a bar says of a booking: there are some hundred on a page.
READ = (
    *("car", "full_name", "status", "start_date", "end_date", "total", "currency"),
    *("handed_over_at", "returned_at", "outcome"),
)


@dataclass(frozen=True)
class Bar:
    """Consecutive days of one claimant, cut to the window. `days` are all of its days."""

    look: str  # the booking's status, or held, block, buffer, other
    days: Days
    span: int
    name: str = ""
    whole: str = ""  # what is said where the name is short, or has no room
    words: str = ""
    when: str = ""  # its days in words
    link: str = ""  # the address of whoever it belongs to
    booking: Booking | None = None
    late: bool = False
    by_the_hour: bool = False  # a service day, which is a bar of its own

    @property
    def is_short(self) -> bool:
        """Whether only initials, or a time, have room."""
        return self.by_the_hour or (self.booking is not None and self.span == 1)

    @property
    def looks(self) -> str:
        """The look with what is said beside it, as classes."""
        return f"{self.look}{' bk--late' if self.late else ''}{' bk--one' if self.span == 1 else ''}"


@dataclass(frozen=True)
class Cell:
    """One table cell: a bar over several columns, or a free day, which may be one to book."""

    day: date
    bar: Bar | None = None
    bookable: bool = False


@dataclass(frozen=True)
class Row:
    """One car."""

    car: Car
    cells: list[Cell]

    @property
    def asked(self) -> str:
        """What the page for a new booking is asked for: this car, from the first day that can be booked."""
        day = next((cell.day for cell in self.cells if cell.bookable), None)
        return urlencode({"car": self.car.pk} | ({"start": day.isoformat()} if day else {}))


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


@dataclass(frozen=True)
class Claimants:
    """Whoever has days in the window, by id; `late` are the bookings whose car is still out after their last day."""

    bookings: dict[Any, Booking]
    holds: dict[Any, Hold]
    blocks: dict[Any, Block]
    late: dict[Any, Booking]
    status: str  # the only one that is named; "" for all

    # Said of many bars alike, and slow to say.
    when: Callable[[date, date], str]
    price: Callable[[Money], str]

    @classmethod
    def of(cls, found: list[Stretch], late: dict[Any, Booking], status: str) -> "Claimants":
        """Three queries."""
        bookings = Booking.objects.only(*READ).in_bulk({one.booking_id for one in found} - {None})
        return cls(
            bookings | late,
            Hold.objects.defer("quote").in_bulk({one.hold_id for one in found} - {None}),
            Block.objects.select_related("car__location").in_bulk({one.block_id for one in found} - {None}),
            late,
            status,
            when=cache(formats.span),
            price=cache(formats.money),
        )


def build(cars: list[Car], window: Days, at: datetime, *, status: str = "") -> Timeline:
    """The table of `cars` (with their locations, in order). With a `status`, only bookings in it are named."""
    found = stretches([car.pk for car in cars], window, at)
    claimants = Claimants.of(found, still_out(cars, at), status)
    taken = {car_id: list(ones) for car_id, ones in groupby(found, key=lambda one: one.car_id)}
    rows = [Row(car, list(_cells(car, window, taken.get(car.pk, []), claimants, at))) for car in cars]
    by_place = groupby(rows, key=lambda row: row.car.location_id)
    places = [(group[0].car.location, group) for group in (list(found) for _key, found in by_place)]
    return Timeline([_head(day, [place for place, _rows in places], at) for day in window], places)


def _cells(
    car: Car, window: Days, taken: list[Stretch], claimants: Claimants, at: datetime
) -> Iterator[Cell]:
    today, day = car.location.today(at), window.start
    for stretch in drawn_to(car, taken, claimants.late, at):
        first, last = max(stretch.first, window.start), min(stretch.last, window.end)
        if first > last:
            continue
        yield from _free(car, day, first, today)
        yield Cell(first, bar=_bar(stretch, len(Days(first, last)), claimants))
        day = last + A_DAY
    yield from _free(car, day, window.end + A_DAY, today)


def _free(car: Car, first: date, until: date, today: date) -> Iterator[Cell]:
    for n in range((until - first).days):
        day = first + timedelta(days=n)
        yield Cell(day, bookable=car.is_offered and day >= today)


def _bar(one: Stretch, span: int, claimants: Claimants) -> Bar:
    bar = partial(Bar, days=Days(one.first, one.last), span=span, when=claimants.when(one.first, one.last))
    if one.buffer:
        return _plain(bar, "buffer", _("Buffer"), _("kept free"))
    if one.booking_id:
        return _booking_bar(bar, claimants.bookings[one.booking_id], one, span, claimants)
    if one.hold_id:
        return _plain(bar, "held", _("Held"), _("being booked"))
    if one.spans:
        return _service_bar(bar, one, claimants)
    return _block_bar(bar, claimants.blocks[one.block_id])


def _service_bar(bar: Callable[..., Bar], one: Stretch, claimants: Claimants) -> Bar:
    """How often the day is taken by the hour; of one block alone when it begins, and all about it where it is said."""
    if one.block_id is None:
        return bar(look="block", name=f"{one.spans}×", whole=hours.how_often(one.spans), by_the_hour=True)
    block = claimants.blocks[one.block_id]
    return replace(_block_bar(bar, block), name=hours.begins(block, one.first), by_the_hour=True)


def _block_bar(bar: Callable[..., Bar], block: Block) -> Bar:
    name, link = block.note or str(block.get_kind_display()), reverse("staff_block", args=[block.pk])
    return _plain(bar, "block", name, hours.blocked(block), link=link)


def _plain(bar: Callable[..., Bar], look: str, name: str, words: str, link: str = "") -> Bar:
    return bar(look=look, name=name, whole=f"{name}, {words}", words=words, link=link)


def _booking_bar(
    bar: Callable[..., Bar], booking: Booking, one: Stretch, span: int, claimants: Claimants
) -> Bar:
    if claimants.status and booking.status != claimants.status:
        return bar(look="other", name=_("Taken"), whole=_("Taken"))
    former = one.car_id != booking.car_id
    late = booking.pk in claimants.late and not former
    words = _("Overdue") if late else _("Swapped") if former else booking.said_status
    return bar(
        look=_look(booking, former),
        name=initials(booking.full_name) if span == 1 else short_name(booking.full_name),
        whole=f"{booking.full_name}, {words}",
        words=f"{words} · {claimants.price(booking.total_money)}" if span > PRICED else words,
        link=reverse("staff_booking", args=[booking.pk]),
        booking=booking,
        late=late,
    )


def _look(booking: Booking, former: bool) -> str:
    if booking.is_out and not former:
        return Booking.Status.ACTIVE
    return Booking.Status.CANCELLED if booking.is_no_show else booking.status


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
