"""Bookings in the way, as staff see them: which cars each could have, one press each, and what a press asks for."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.errors import DatesTaken, Invalid
from bookings.lifecycle.rehousing.rehouse import Move, move_one, rehouse
from bookings.lifecycle.rehousing.sisters import LISTED, InTheWay, in_the_way
from bookings.models import Booking
from cars.models import Car
from exodrive.i18n.formats import money
from exodrive.money import catalogue_price
from exodrive.numbers import small_number
from inbox.permissions import StaffRequest

T = TypeVar("T")
ONE, ALL, MOVE = "one", "all", "move"


@dataclass(frozen=True, slots=True)
class Offer:
    """A press that moves a booking: what it sends and what it says."""

    value: str
    label: str
    rate: str
    car: Car


@dataclass(frozen=True, slots=True)
class Row:
    """A booking in the way, with the presses that move it; `proposed` is the one that "all" takes."""

    booking: Booking
    offers: tuple[Offer, ...]
    proposed: Offer | None
    is_out: bool

    @property
    def is_stuck(self) -> bool:
        """Whether somebody has to call the customer."""
        return not (self.offers or self.is_out)


@dataclass(frozen=True, slots=True)
class Listed:
    """The bookings in the way; `more` of them are not listed yet."""

    rows: list[Row]
    total: int

    @property
    def more(self) -> int:
        """How many follow when these are out of the way."""
        return self.total - len(self.rows)

    @property
    def all_move(self) -> bool:
        """Whether each of them has a car to move to."""
        return bool(self.rows) and not self.more and all(row.proposed for row in self.rows)


def listed(bookings: QuerySet[Booking], at: datetime, *, avoiding: Collection[int] = ()) -> Listed:
    """These bookings and what could be done with each. A fixed number of queries."""
    rows = [_row(one) for one in in_the_way(bookings, at, avoiding=avoiding)]
    return Listed(rows, bookings.count() if len(rows) == LISTED else len(rows))


def _row(one: InTheWay) -> Row:
    offers = tuple(_offer(one.booking, car) for car in one.cars)
    proposed = next((offer for offer in offers if offer.car == one.proposed), None)
    return Row(one.booking, offers, proposed, one.is_out)


def _offer(booking: Booking, car: Car) -> Offer:
    elsewhere = [car.location.name] if car.location_id != booking.car.location_id else []
    label = " · ".join([car.name, car.plate, *elsewhere])
    rate = _("%(price)s per day") % {"price": money(catalogue_price(car.daily_rate))}
    return Offer(f"{booking.pk}/{booking.car_id}/{car.pk}", label, rate, car)


def moves_in(data: QueryDict) -> list[Move]:
    """What was proposed and agreed to. Raises DatesTaken for a booking that has another car since it was listed."""
    return list(_moves(data.getlist(MOVE))) if {ALL, "do"} & data.keys() else []


def after_moves(
    request: StaffRequest, then: Callable[[], T], *, on: Collection[int], preview: bool = False
) -> T:
    """What `then` makes of it, when the bookings that are to move have moved, all in one transaction."""
    return rehouse(moves_in(request.POST), then, at=timezone.now(), on=on, preview=preview)


def moved_one(request: StaffRequest) -> bool:
    """Whether the press was one that moves a single booking, which has happened then; the act waits for its own press.

    Raises DatesTaken when it cannot be moved.
    """
    if ONE not in request.POST:
        return False
    for move in _moves(request.POST.getlist(ONE)):
        move_one(move, at=timezone.now())
        words = {"name": move.booking.full_name, "car": f"{move.car.name} · {move.car.plate}"}
        messages.success(request, _("%(name)s has the %(car)s now.") % words)
    return True


def _moves(values: list[str]) -> Iterator[Move]:
    """A booking that has its new car already was moved by the first of two presses."""
    asked = [_parsed(value) for value in dict.fromkeys(values)]
    bookings = Booking.objects.in_bulk({pk for pk, _was, _to in asked})
    cars = Car.objects.select_related("location").in_bulk({to for _pk, _was, to in asked})
    for pk, was, to in asked:
        booking, car = bookings.get(pk), cars.get(to)
        if booking is None or car is None:
            raise Invalid
        if booking.car_id == to:
            continue
        if booking.car_id != was:
            words = _("%(reference)s has another car since you looked. Look at the list again.")
            raise DatesTaken(words % {"reference": booking.reference})
        yield Move(booking, car)


def _parsed(value: str) -> tuple[UUID, int, int]:
    parts = value.split("/")
    numbers = [small_number(part) for part in parts[1:]]
    try:
        pk, (was, to) = UUID(parts[0]), numbers
    except ValueError:
        raise Invalid from None
    if was is None or to is None:
        raise Invalid
    return pk, was, to
