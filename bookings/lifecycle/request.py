"""What is asked for, by page, API and staff alike: a new booking, or a change to one.

Both are made of the same `Details`. A new detail is named there, in the model, the form, the API's input type and the
template; everything between them goes by the names of its fields.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, time
from functools import cached_property
from typing import Any, Protocol

from bookings.availability.times import Handover, usual_pickup, walk_in
from bookings.days import Days
from bookings.lifecycle.pricing.adjusting import Adjustment
from bookings.lifecycle.pricing.agreed import Agreed
from bookings.models import Booking, Hold
from cars.catalogue import Catalogue
from cars.models import Car, Extra, Location
from cars.pricing.daily import PricingOptions
from exodrive.mailboxes import canonical
from exodrive.text import tidy

Extras = Sequence[tuple[Extra, int]]

PERSONAL = {"personal": True}  # a history names it, without its value
PRICED = {"priced": True}  # a price depends on it


@dataclass(frozen=True, slots=True)
class Person:
    """The customer as typed. Staff may leave the address out of a booking that has a phone number: "" then."""

    full_name: str
    email: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "full_name", tidy(self.full_name).strip())

    @property
    def mailbox(self) -> str:
        """Where mails to them go, "" without an address. Raises ValidationError for one that is none."""
        return canonical(self.email) if self.email else ""


@dataclass(frozen=True, slots=True)
class Details:
    """What is asked for beside car, days and customer. None: in a new booking the usual one, in a change as it is.

    Times are local to the place of pick-up or return, the age is the driver's in years, the extras are all of them.
    """

    phone: str | None = field(default=None, metadata=PERSONAL)
    special_requests: str | None = field(default=None, metadata=PERSONAL)
    pick_up: Location | None = field(default=None, metadata=PRICED)
    drop_off: Location | None = field(default=None, metadata=PRICED)
    pickup_time: time | None = None
    return_time: time | None = None
    extras: Extras | None = field(default=None, metadata=PRICED)
    delivery: bool | None = field(default=None, metadata=PRICED)
    delivery_address: str | None = field(default=None, metadata=PERSONAL)
    driver_age: int | None = field(default=None, metadata=PERSONAL | PRICED)

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if isinstance(said := getattr(self, name), str):
                object.__setattr__(self, name, tidy(said))

    @property
    def named(self) -> set[str]:
        """Which of them are asked for."""
        return {name for name in self.__slots__ if getattr(self, name) is not None}

    @property
    def counted(self) -> tuple[tuple[Extra, int], ...]:
        """The extras that are wanted at all, in ascending order of their ids."""
        return tuple(sorted(((x, n) for x, n in self.extras or () if n), key=lambda pair: pair[0].pk))

    def unlike(self, booking: Booking) -> "Details":
        """Without what the booking has already: naming it again changes, and prices, nothing."""
        has = {name: _plain(getattr(booking, name)) for name in self.named - {"extras"}}
        same = {name for name, value in has.items() if _plain(getattr(self, name)) == value}
        if "extras" in self.named and {x.pk: n for x, n in self.counted} == booking.counted_extras:
            same.add("extras")
        return replace(self, **dict.fromkeys(same))

    def priced_at(self, pick_up: Location, drop_off: Location | None = None) -> PricingOptions:
        """What a price depends on beside car and days; places that are not named are these."""
        out = self.pick_up or pick_up
        back = self.drop_off or drop_off or out
        return PricingOptions(out.pk, back.pk, bool(self.delivery), self.driver_age, self.counted)


def _plain(value: Any) -> Any:
    """A text with plain line ends: browsers send others, and they are no change."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


DETAILS = frozenset(Details.__slots__)
ELSEWHERE = frozenset({"pick_up", "drop_off", "extras"})  # in tables of their own
COLUMNS = tuple(name for name in Details.__slots__ if name not in ELSEWHERE)
BLANK: dict[str, Any] = {name: getattr(Booking(), name) for name in COLUMNS}
CONTACT = frozenset(one.name for one in fields(Details) if "personal" in one.metadata)
PRICES = frozenset(one.name for one in fields(Details) if "priced" in one.metadata)


class NewBooking(Protocol):
    """What a request for a rental and one for a ride both say."""

    @property
    def who(self) -> Person:
        """The customer."""

    @property
    def columns(self) -> dict[str, Any]:
        """What was typed beside, as the booking's columns keep it."""

    @property
    def override(self) -> str:
        """A member of staff's reason for breaking rules."""

    @property
    def payment_method(self) -> str:
        """How it is paid; "" is the usual way."""

    @property
    def confirmed(self) -> bool:
        """Whether staff confirm it at once."""

    @property
    def silent(self) -> bool:
        """Whether the customer is mailed nothing about the making."""


@dataclass(frozen=True)
class BookingRequest:
    """A booking to make. Without a `language` (of the mails) it is the one that is active.

    With a `hold` its days become the booking's. `override` is a member of staff's reason for breaking rules; staff also have
    it `confirmed` at once, and `silent`: the customer is mailed nothing about the making. `visitor` and
    `network` are keyed hashes of who asks, for what is counted when there is no hold. At a price that `agreed` does not
    cover it is refused; None agrees to the hold's, without a hold to any. An `adjustment` is a manager's.
    """

    car: Car
    days: Days
    who: Person
    details: Details = Details()
    language: str | None = None
    source: str = Booking.Source.WEB
    hold: Hold | None = None
    override: str = ""
    payment_method: str = ""  # the usual one
    agreed: Agreed | None = None
    visitor: str = ""
    network: str = ""
    adjustment: Adjustment | None = None
    confirmed: bool = False
    silent: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "override", tidy(self.override).strip())

    @property
    def pick_up(self) -> Location:
        """Where the car is picked up."""
        return self.details.pick_up or self.car.location

    @property
    def drop_off(self) -> Location:
        """Where it comes back."""
        return self.details.drop_off or self.pick_up

    @cached_property
    def columns(self) -> dict[str, Any]:
        """The details as the booking's columns keep them."""
        usual = {
            "pickup_time": self.pick_up.opens_on(self.days.start),
            "return_time": self.drop_off.closes_on(self.days.end),
        }
        asked = {name: getattr(self.details, name) for name in COLUMNS}
        return {
            name: usual.get(name, BLANK[name]) if value is None else value for name, value in asked.items()
        }

    def under(self, now: Catalogue, car: Car) -> "BookingRequest":
        """The same for a car, places and extras as a catalogue has them; a hold's car is that one, too."""
        extras = now.extras if self.details.extras else {}
        details = replace(
            self.details,
            pick_up=self.details.pick_up and (now.location(self.details.pick_up.pk) or self.details.pick_up),
            drop_off=self.details.drop_off
            and (now.location(self.details.drop_off.pk) or self.details.drop_off),
            extras=self.details.extras and [(extras.get(x.pk, x), n) for x, n in self.details.extras],
        )
        if self.hold:
            self.hold.car = car
        return replace(self, car=car, details=details)

    def timed(self, at: datetime, *, at_counter: bool = False) -> "BookingRequest":
        """With the times of day that nobody named, as they are at the instant `at`; for a walk-in it is now."""
        if self.details.pickup_time or (self.override and not at_counter):
            return self
        usual = walk_in if at_counter else usual_pickup
        pick_up = usual(self.pick_up, self.days.start, at)
        return replace(self, details=replace(self.details, pickup_time=pick_up))

    @property
    def handovers(self) -> tuple[Handover, Handover]:
        """The pick-up and the return."""
        columns = self.columns
        return (
            Handover("pickupTime", self.pick_up, self.days.start, columns["pickup_time"]),
            Handover("returnTime", self.drop_off, self.days.end, columns["return_time"]),
        )

    @property
    def pricing(self) -> PricingOptions:
        """What its price depends on beside car and days."""
        return self.details.priced_at(self.car.location)

    @property
    def canonical(self) -> dict[str, Any]:
        """For `Idempotency.of`: what was left out and what is named by default are the same."""
        columns = {name: _plain(value) for name, value in self.columns.items()}
        usual = replace(self, details=replace(self.details, pickup_time=None, return_time=None)).columns
        times = {name: columns.pop(name) for name in ("pickup_time", "return_time")}
        return {
            "car": self.car.pk,
            "days": self.days.isoformat,
            "customer": [self.who.full_name, self.who.email, columns.pop("phone")],
            "language": self.language,
            "source": str(self.source),
            "places": [self.pick_up.pk, self.drop_off.pk],
            "times": {name: f"{time:%H:%M}" for name, time in times.items() if time != usual[name]},
            "extras": [[extra.pk, quantity] for extra, quantity in self.details.counted],
            "hold": str(self.hold.pk) if self.hold else None,
            "override": self.override,
            **({"adjustment": [str(line.amount), line.reason]} if (line := self.adjustment) else {}),
            **{name: True for name in ("confirmed", "silent") if getattr(self, name)},
            **columns,
        }
