"""What the price of a ride is made of: the service's tariff and what the customer chose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cars.models import CarClass, Extra, Place, RideRate, Surcharge

MINUTE = timedelta(minutes=1)


class NoPrice(LookupError):
    """The service has no rate for such a ride: another class, another way, farther than it goes."""


@dataclass(frozen=True, slots=True)
class RideTariff:
    """Rates and surcharges of one service."""

    rates: Sequence["RideRate"] = ()
    surcharges: Sequence["Surcharge"] = ()


@dataclass(frozen=True, slots=True)
class RideOptions:
    """What was chosen beside service, class and time. `km` is the way by road; without it, it is estimated from the places.

    `booked_at` is an instant (None: long before); `waited` is in minutes beyond what is included. `passengers` are the
    adults of a tour, `children` are counted beside them.
    """

    from_place: "Place | None" = None
    to_place: "Place | None" = None
    km: Decimal | None = None
    passengers: int = 1
    children: int = 0
    stops: int = 0
    waited: int = 0
    booked_at: datetime | None = None
    extras: tuple[tuple["Extra", int], ...] = ()


def of_class(rates: Iterable["RideRate"], car_class: "CarClass | None") -> list["RideRate"]:
    """The rates that count for a class: its own before those for all."""
    own = car_class.pk if car_class else None
    found = [rate for rate in rates if rate.car_class_id in (None, own)]
    return sorted(found, key=lambda rate: rate.car_class_id is None)


def ceil_div(value: int, by: int) -> int:
    """How many times `by` it takes, the last one begun."""
    return -(-value // by)


def minutes_between(start: datetime, end: datetime) -> int:
    """Elapsed minutes, those that have begun included. Raises ValueError where the end is not after the start."""
    if end <= start:
        raise ValueError("a ride ends after it begins")
    return -((start - end) // MINUTE)
