"""What the JSON API takes in bodies. Unknown keys are refused, so that a misspelt one is not lost in silence."""

from datetime import date, time
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import Field

from bookings.api.inputs.body import NOT_SENT, In
from bookings.api.inputs.prices import AGREED, Adjusting, AdjustmentIn, Agreeing, MoneyIn, PricingText
from bookings.api.inputs.ride_changes import ChangesRide
from bookings.api.inputs.types import (
    Address,
    Age,
    Clock,
    Day,
    Email,
    Flag,
    Id,
    Name,
    Note,
    Paragraphs,
    Phone,
    Pieces,
    Sentence,
    Token,
)
from bookings.api.schemas import BlockKind, Language, Source
from bookings.days import Days
from bookings.errors import Invalid
from bookings.lifecycle.validation import MAX_EXTRAS


def days_of(start: date, end: date) -> Days:
    """Both ends included. Raises Invalid, naming `endDate`, when they end before they start."""
    if end < start:
        raise Invalid.field("endDate", _("Return day must be the same as or after the pick-up day"))
    return Days(start, end)


class MailboxIn(In):
    """A mailbox to send a code to."""

    email: Email


class MailboxProofIn(In):
    """The code that was sent to a mailbox (`sendMailboxCode`)."""

    email: Email
    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class CarDaysIn(In):
    """Days of a car."""

    kind: Literal["rental"] = "rental"
    car_id: Id
    start_date: Day
    end_date: Day

    def days(self) -> Days:
        """The days asked for. Raises Invalid when they end before they start."""
        return days_of(self.start_date, self.end_date)


class HoldIn(CarDaysIn):
    """Days of a car to keep. `proof` after a refusal with `proof_required`."""

    proof: MailboxProofIn | None = None


class PersonIn(In):
    """Who books."""

    full_name: Name
    email: Email = Field(
        NOT_SENT, description="Only staff may leave it out, with a `phone`: nobody is mailed then"
    )
    phone: Phone = ""


class OverrideIn(In):
    """Why staff set the rules aside; kept in the history."""

    reason: Sentence


class Overriding(In):
    """A body that managers may send with an exception."""

    override: OverrideIn | None

    @property
    def reason(self) -> str:
        """Why rules are set aside, "" when they are not."""
        return self.override.reason if self.override else ""


class ExtraIn(In):
    """So many of an extra."""

    id: Id
    quantity: Pieces


Extras = Annotated[list[ExtraIn], Field(max_length=MAX_EXTRAS)]


class BookingIn(CarDaysIn, Overriding, Agreeing, Adjusting):
    """A booking to make. The price is never sent: the server computes it."""

    customer: PersonIn
    special_requests: Paragraphs = ""
    language: Language | None = Field(
        None, description="Of the mails. Default: the Accept-Language of the request"
    )
    source: Source = Field("api", description="`staff` only for staff")
    hold_token: Token | None = Field(None, description="Books the days that this hold keeps")
    pick_up_location_id: Id | None = Field(None, description="Default: the car's location")
    drop_off_location_id: Id | None = Field(None, description="Default: the pick-up location")
    extras: Extras = Field([], description="From GET /extras of the pick-up place")
    delivery: Flag = Field(False, description="The car is brought, for a fee where there is one")
    delivery_address: Address = Field("", description="Where it is brought to: needed with `delivery`")
    driver_age: Age | None = Field(None, description="Of the driver, in years; young drivers may cost more")
    override: OverrideIn | None = Field(None, description="Managers only: book although a rule forbids it")
    agreed_total: MoneyIn | None = Field(None, description=AGREED)
    adjustment: AdjustmentIn | None = Field(None, description="Managers only: a line of its own on the price")


class BookingPatch(Overriding, Agreeing, Adjusting, ChangesRide):
    """What can be changed on a booking. Send only what changes."""

    car_id: Id = NOT_SENT
    start_date: Day = NOT_SENT
    end_date: Day = NOT_SENT
    phone: Phone = NOT_SENT
    special_requests: Paragraphs = NOT_SENT
    pickup_time: Clock = NOT_SENT
    return_time: Clock = NOT_SENT
    pick_up_location_id: Id = NOT_SENT
    drop_off_location_id: Id = NOT_SENT
    extras: Extras = Field(NOT_SENT, description="All of them: those that are not in the list are given back")
    delivery: Flag = NOT_SENT
    delivery_address: Address = NOT_SENT
    driver_age: Age = NOT_SENT
    customers_wish: Flag = Field(
        False,
        description="Staff: the customer asked for the other car, which then costs what it does today; else a swap"
        " by staff costs nothing. A customer's change is always their wish",
    )
    override: OverrideIn | None = Field(None, description="Managers only: change although a rule forbids it")
    agreed_total: MoneyIn | None = Field(None, description=AGREED)
    pricing: PricingText = Field(
        NOT_SENT,
        description="Staff: what is added costs what it does today (`added`, the usual), nothing anew (`kept`; something for"
        " nothing only from managers), or all of it costs what it does today (`today`)",
    )
    adjustment: AdjustmentIn | None = Field(
        None,
        description="Managers only: a line of its own on the price, in the place of the one there is; null takes it off",
    )

    def days(self, booked: Days) -> Days | None:
        """The new days, the side that was not sent as booked; None when neither was. Raises Invalid."""
        if not {"start_date", "end_date"} & self.model_fields_set:
            return None
        return days_of(self.start_date or booked.start, self.end_date or booked.end)


BLOCK_TIMES = "With the other one: only from then on the first day, until then on the last, where the car is"


def both_times(since: Any, until: Any) -> tuple[time, time] | tuple[()]:
    """Both ends of some hours, () without them. Raises Invalid, naming the one that is missing."""
    if since is not None and until is not None:
        return since, until
    if since is None and until is None:
        return ()
    missing = "startTime" if since is None else "endTime"
    raise Invalid.field(missing, _("Give both times, or none to block whole days"))


class BlockIn(In):
    """Days to block, on the cars named or, with `wholeFleet`, on every car that is not retired."""

    car_ids: list[Id] = Field([], max_length=1000)
    whole_fleet: Flag = False
    start_date: Day
    end_date: Day
    start_time: Clock = Field(NOT_SENT, description=BLOCK_TIMES)
    end_time: Clock = Field(NOT_SENT, description=BLOCK_TIMES)
    kind: BlockKind
    note: Note = ""

    def clock(self) -> tuple[time, time] | tuple[()]:
        """From when on the first day until when on the last; () for whole days. Raises Invalid for one without the other."""
        return both_times(self.start_time, self.end_time)

    def days(self) -> Days:
        """The days to block. Raises Invalid when they end before they start."""
        return days_of(self.start_date, self.end_date)


class BlockPatch(In):
    """What can be changed on a block. Send only what changes."""

    start_date: Day = NOT_SENT
    end_date: Day = NOT_SENT
    start_time: Clock = NOT_SENT
    end_time: Clock = NOT_SENT
    kind: BlockKind = NOT_SENT
    note: Note = NOT_SENT
