"""What a request for a booking asks for, in one form for page and API: a retry is known as one wherever it comes in."""

from dataclasses import dataclass
from datetime import time
from typing import Any

from bookings.days import Days
from bookings.models import Hold
from cars.models import Car, Extra, Location


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


def requested(
    *,
    car: Car,
    days: Days,
    who: Person,
    language: str | None,
    source: str,
    special_requests: str,
    places: Places,
    options: Options,
    hold: Hold | None = None,
    override: str = "",
) -> dict[str, Any]:
    """The validated input, for `Idempotency.of`. What was left out and what is named by default are the same."""
    pick_up, drop_off = places.of(car)
    times = {"pickup_time": places.pickup_time, "return_time": places.return_time}
    usual = {"pickup_time": pick_up.opens_on(days.start), "return_time": drop_off.closes_on(days.end)}
    return {
        "car": car.pk,
        "days": days.isoformat,
        "customer": [who.full_name, who.email, who.phone],
        "language": language,
        "source": str(source),
        "special_requests": special_requests.replace("\r\n", "\n"),
        "places": [pick_up.pk, drop_off.pk],
        "times": {name: f"{time:%H:%M}" for name, time in times.items() if time and time != usual[name]},
        "extras": sorted([extra.pk, quantity] for extra, quantity in options.extras if quantity),
        "delivery": options.delivery,
        "driver_age": options.driver_age,
        "hold": str(hold.pk) if hold else None,
        "override": override,
    }
