"""Another car for bookings that are in the way, and what they were in the way of: all of it, or nothing."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.availability.extras import lock_extras
from bookings.availability.ledger import lock_cars
from bookings.errors import BookingError, DatesTaken
from bookings.events import refusals_logged
from bookings.lifecycle.change import change_within
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.create import PRICED
from bookings.models import Booking
from cars.models import Car
from exodrive.db.retry import retry_on_deadlock

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Move:
    """The booking as its reader saw it, and the car that it gets."""

    booking: Booking
    car: Car

    @property
    def cars(self) -> set[int]:
        """The ids of both cars."""
        return {self.booking.car_id, self.car.pk}


@refusals_logged()
@retry_on_deadlock(on_constraints=(PRICED,))
def rehouse(
    moves: Sequence[Move],
    then: Callable[[], T],
    *,
    at: datetime,
    on: Collection[int] = (),
    preview: bool = False,
) -> T:
    """Give every booking its other car, as a swap by us: its price stays as booked and its customer is told. What `then`
    returns is returned; it acts on the cars `on` (ids) and must run in a transaction.

    Raises DatesTaken naming the booking that cannot be moved, and what `then` raises; then nothing was done. `preview` does
    all and takes it back. Locks: cars, extras, bookings.
    """
    with transaction.atomic(durable=True):
        lock_cars(*on, *_cars_of(moves))
        for move in moves:
            lock_extras(booking=move.booking)
        for move in moves:
            _give(move, at)
        result = then()
        transaction.set_rollback(preview)
    return result


def move_one(move: Move, *, at: datetime) -> None:
    """The same for one booking, with nothing after it."""
    rehouse([move], lambda: None, at=at)


def _cars_of(moves: Iterable[Move]) -> set[int]:
    return {car for move in moves for car in move.cars}


def _give(move: Move, at: datetime) -> None:
    try:
        change_within(booking=move.booking, to=ChangeRequest(car=move.car, seen=move.booking), at=at)
    except BookingError as refusal:
        words = _("%(reference)s cannot have the %(car)s: %(why)s")
        parts = {"reference": move.booking.reference, "car": move.car.name, "why": _why(refusal)}
        raise DatesTaken(words % parts) from refusal


def _why(refusal: BookingError) -> str:
    reasons = [str(reason.message) for reason in refusal.details.get("reasons", [])]
    return " ".join(reasons) or str(refusal.message)
