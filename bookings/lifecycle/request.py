"""What a request for a booking asks for, in one form for page and API: a retry is known as one wherever it comes in."""

from dataclasses import dataclass
from datetime import time
from typing import Any

from bookings.days import Days
from bookings.models import Booking, Hold
from cars.models import Car, Extra, Location
from cars.pricing.daily import PricingOptions


@dataclass(frozen=True, slots=True)
class Person:
    """The customer as typed."""

    full_name: str
    email: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """Where and when the car changes hands; what is None is the car's location and its opening hours."""

    pick_up: Location | None = None
    drop_off: Location | None = None
    pickup_time: time | None = None
    return_time: time | None = None

    def of(self, car: Car) -> tuple[Location, Location]:
        """Pick-up and return place for a car."""
        pick_up = self.pick_up or car.location
        return pick_up, self.drop_off or pick_up


@dataclass(frozen=True, slots=True)
class Options:
    """What is added to the rental itself. The age is the driver's, in years, where a fee depends on it."""

    extras: tuple[tuple[Extra, int], ...] = ()
    delivery: bool = False
    driver_age: int | None = None


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """All that is asked for. Without a `language` (of the mails) it is the one that is active.

    With a `hold` its days become the booking's. `override` is a member of staff's reason for breaking rules.
    """

    car: Car
    days: Days
    who: Person
    language: str | None = None
    source: str = Booking.Source.WEB
    special_requests: str = ""
    places: Places = Places()
    options: Options = Options()
    hold: Hold | None = None
    override: str = ""
    payment_method: str = Booking.PaymentMethod.PICK_UP

    @property
    def pick_up(self) -> Location:
        """Where the car is picked up."""
        return self.places.of(self.car)[0]

    @property
    def drop_off(self) -> Location:
        """Where it comes back."""
        return self.places.of(self.car)[1]

    @property
    def pickup_time(self) -> time:
        """When, local to the place."""
        return self.places.pickup_time or self.pick_up.opens_on(self.days.start)

    @property
    def return_time(self) -> time:
        """Until when, local to the place."""
        return self.places.return_time or self.drop_off.closes_on(self.days.end)

    @property
    def pricing(self) -> PricingOptions:
        """What its price depends on beside car and days."""
        options = self.options
        return PricingOptions(
            self.pick_up.pk, self.drop_off.pk, options.delivery, options.driver_age, options.extras
        )

    @property
    def canonical(self) -> dict[str, Any]:
        """For `Idempotency.of`: what was left out and what is named by default are the same."""
        places = self.places
        times = {"pickup_time": places.pickup_time, "return_time": places.return_time}
        usual = {
            "pickup_time": self.pick_up.opens_on(self.days.start),
            "return_time": self.drop_off.closes_on(self.days.end),
        }
        return {
            "car": self.car.pk,
            "days": self.days.isoformat,
            "customer": [self.who.full_name, self.who.email, self.who.phone],
            "language": self.language,
            "source": str(self.source),
            "special_requests": self.special_requests.replace("\r\n", "\n"),
            "places": [self.pick_up.pk, self.drop_off.pk],
            "times": {name: f"{time:%H:%M}" for name, time in times.items() if time and time != usual[name]},
            "extras": sorted([extra.pk, quantity] for extra, quantity in self.options.extras if quantity),
            "delivery": self.options.delivery,
            "driver_age": self.options.driver_age,
            "hold": str(self.hold.pk) if self.hold else None,
            "override": self.override,
        }
