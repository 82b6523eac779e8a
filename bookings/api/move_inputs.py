"""What the JSON API takes to move a booking: how its car came back, why it is cancelled, that nobody came."""

from typing import Literal

from pydantic import Field

from bookings.api.inputs import In
from bookings.api.schemas import Status
from bookings.api.types import Eighths, Flag, Instant, Kilometres, Paragraphs, Sentence


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


class StatusIn(In):
    """A move. With `from`, it is made only if that is still the status."""

    status: Status
    from_: Status | None = Field(None, validation_alias="from")
    reason: Sentence | None = None
    checklist: ChecklistIn | None = None


class CancelIn(In):
    """Why, for the history. With `from`, only if that is still the status. Staff's `atCustomersWish`: by the terms."""

    from_: Status | None = Field(None, validation_alias="from")
    reason: Sentence | None = None
    at_customers_wish: Flag = False


class NoShowIn(In):
    """A note for the history. With `from`, only if that is still the status."""

    from_: Status | None = Field(None, validation_alias="from")
    reason: Sentence | None = None
