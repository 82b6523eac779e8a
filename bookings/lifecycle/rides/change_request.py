"""What is asked for in a change to a ride, by page, API and staff alike."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from bookings.availability.rides.wish import Wish, hours_from
from bookings.errors import Invalid
from bookings.hours import Hours
from bookings.lifecycle.pricing.adjusting import Adjustment
from bookings.lifecycle.pricing.agreed import Agreed
from bookings.lifecycle.rides.request import OF_THE_RIDE, SAID
from bookings.models import Booking, Ride
from cars.catalogue import catalogue
from cars.models import Service
from cars.pricing.agreed import Pricing
from exodrive.text import tidy

PEOPLE = ("passengers", "bags")
OF_THE_BOOKING = ("phone", "special_requests")
NAMES = (*SAID, *PEOPLE)


@dataclass(frozen=True, slots=True)
class RideChangeRequest:
    """What of a ride is to change; what is None stays. `start` is what a clock at the service's place shows, without a zone;
    `minutes` are for rides by the hour. `override`, `agreed`, `pricing` and `adjustment` are as for a `ChangeRequest`.
    """

    start: datetime | None = None
    minutes: int | None = None
    phone: str | None = None
    special_requests: str | None = None
    from_text: str | None = None
    to_text: str | None = None
    flight_number: str | None = None
    sign_name: str | None = None
    passengers: int | None = None
    bags: int | None = None
    override: str = ""
    agreed: Agreed | None = None
    pricing: Pricing | None = None
    adjustment: Adjustment | None = None

    def __post_init__(self) -> None:
        for name in ("override", *SAID):
            if (said := getattr(self, name)) is not None:
                object.__setattr__(self, name, tidy(said).strip())
        if self.flight_number is not None:
            object.__setattr__(self, "flight_number", self.flight_number.replace(" ", "").upper())

    @property
    def named(self) -> set[str]:
        """What is asked for beside the time."""
        return {name for name in NAMES if getattr(self, name) is not None}

    @property
    def personal(self) -> set[str]:
        """What of it a history names without its value."""
        return self.named - set(PEOPLE)

    @property
    def for_the_driver(self) -> set[str]:
        """What of it nobody needs once the ride is under way."""
        return self.named & {*OF_THE_RIDE, *PEOPLE}

    def news_for(self, booking: Booking, ride: Ride) -> "RideChangeRequest":
        """Without what the ride is or has already."""
        has = {name: _plain(value_of(booking, ride, name)) for name in self.named}
        same = {name for name, value in has.items() if _plain(getattr(self, name)) == value}
        if self.hours_of(ride) == ride.hours:
            same |= {"start", "minutes"}
        if self.adjustment == Adjustment.on(booking.as_quoted):
            same.add("adjustment")
        nothing: dict[str, Any] = dict.fromkeys(same)
        return replace(self, **nothing)

    @property
    def moves(self) -> bool:
        """Whether the hours change, once it is only news."""
        return self.start is not None or self.minutes is not None

    @property
    def reprices(self) -> bool:
        """Whether the price is made anew."""
        return self.moves or self.pricing == Pricing.TODAY

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to change."""
        return not (self.named or self.reprices or self.adjustment)

    def wish(self, ride: Ride) -> Wish:
        """The ride as it would be, of its service as that is now. Raises Invalid as `hours_of` does."""
        service = as_it_is_now(ride.service)
        passengers = ride.passengers if self.passengers is None else self.passengers
        bags = ride.bags if self.bags is None else self.bags
        return Wish(service, ride.car_class, self.hours_of(ride), passengers, bags)

    def hours_of(self, ride: Ride) -> Hours:
        """Its hours as they would be. Raises Invalid for a time that no clock shows, and for a length that is not asked."""
        booked, service = ride.hours, ride.service
        if booked is None:  # a ride has hours, says the database
            raise ValueError("it is for whole days")
        long = booked.length // timedelta(minutes=1)
        minutes = long if self.minutes is None else self.minutes
        if minutes < 1 or (minutes != long and service.kind != Service.Kind.HOURLY):
            raise Invalid.field("minutes", _("How long this ride takes cannot be chosen."))
        begins = booked.starts_at.astimezone(service.location.zone).replace(tzinfo=None)
        if self.start in (None, begins):
            # The very instant, also of a time that comes twice that night.
            if minutes == long:
                return booked
            ends = booked.starts_at + timedelta(minutes=minutes)
            return Hours(booked.starts_at, ends, service.before_minutes, service.after_minutes)
        start: Any = self.start
        return hours_from(service, start.date(), start.time(), minutes)


def as_it_is_now(service: Service) -> Service:
    """With the closed days of its place."""
    service.location = catalogue().location(service.location_id) or service.location
    return service


def value_of(booking: Booking, ride: Ride, name: str) -> Any:
    """What stands there now."""
    return getattr(booking if name in OF_THE_BOOKING else ride, name)


def _plain(value: Any) -> Any:
    """A text with plain line ends: browsers send others, and they are no change."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value
