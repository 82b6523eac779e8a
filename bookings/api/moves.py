"""What the JSON API takes to move a booking, and what is recorded with each move."""

from typing import Literal

from pydantic import Field

from bookings.api.inputs import In
from bookings.api.schemas import Status
from bookings.api.types import Eighths, Flag, Kilometres, Paragraphs, Sentence
from bookings.lifecycle.checklist import CallOff, Checklist, HandOver
from bookings.models import Booking


class ChecklistIn(In):
    """What staff noted when the car came back: odometer in km, fuel in eighths of a tank."""

    returned: Literal[True]
    odometer: Kilometres
    fuel: Eighths
    damage: Flag
    note: Paragraphs = ""


STAYS_OUT = "Managers only: cancel although the customer still has the car"


class CheckoutIn(In):
    """What staff noted when they gave the keys: odometer in km, fuel in eighths of a tank, papers, deposit, marks."""

    odometer: Kilometres | None = None
    fuel: Eighths | None = None
    licence_seen: Flag | None = None
    deposit_taken: Flag | None = None
    note: Paragraphs = ""


class StatusIn(In):
    """A move. With `from`, it is made only if that is still the status."""

    status: Status
    from_: Status | None = Field(None, validation_alias="from")
    reason: Sentence | None = None
    checklist: ChecklistIn | None = None
    checkout: CheckoutIn | None = Field(None, description="With `active`: what was noted at the hand-over")
    early: Flag = Field(
        False, description="With `active`: the car leaves before its pick-up day, and that is meant"
    )
    car_stays_out: Flag = Field(False, description=STAYS_OUT)


class CancelIn(In):
    """Why, for the history. With `from`, only if that is still the status. Staff's `atCustomersWish`: by the terms."""

    from_: Status | None = Field(None, validation_alias="from")
    reason: Sentence | None = None
    at_customers_wish: Flag = False
    car_stays_out: Flag = Field(False, description=STAYS_OUT)


def record_of(body: StatusIn) -> HandOver | CallOff | Checklist | None:
    """What is recorded with the move."""
    if body.status == Booking.Status.ACTIVE:
        noted = body.checkout.model_dump() if body.checkout else {}
        return HandOver(**noted, early=body.early)
    if body.status == Booking.Status.CANCELLED:
        return CallOff(still_out=body.car_stays_out)
    return _checklist(body.checklist)


def _checklist(given: ChecklistIn | None) -> Checklist | None:
    return Checklist(given.odometer, given.fuel, given.damage, given.note) if given else None
