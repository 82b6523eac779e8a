"""What the JSON API takes to move a booking: how its car came back, why it is cancelled, that nobody came."""

from typing import Literal

from pydantic import Field

from bookings.api.inputs.bookings import In
from bookings.api.inputs.types import Eighths, Flag, Instant, Kilometres, Paragraphs, Sentence
from bookings.api.schemas import Status


class ChecklistIn(In):
    """What staff noted when the car came back: odometer in km, fuel in eighths of a tank."""

    returned: Literal[True]
    odometer: Kilometres
    fuel: Eighths
    damage: Flag
    note: Paragraphs = ""
    returned_at: Instant | None = Field(
        None, description="When the car came back: after the hand-over, not in the future. Default: now"
    )


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


class NoShowIn(In):
    """A note for the history. With `from`, only if that is still the status."""

    from_: Status | None = Field(None, validation_alias="from")
    reason: Sentence | None = None


class UndoIn(In):
    """With `from`, only if that is still the status."""

    from_: Status | None = Field(None, validation_alias="from")
