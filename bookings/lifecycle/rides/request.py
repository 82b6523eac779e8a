"""A ride to book, as page, API and staff ask for it."""

from dataclasses import dataclass, replace
from typing import Any

from bookings.availability.rides.chosen import kept, with_extras
from bookings.availability.rides.wish import Wish
from bookings.lifecycle.pricing.agreed import Agreed
from bookings.lifecycle.request import Extras, Person
from bookings.models import Booking, Hold
from cars.models import Car
from cars.pricing.rides.inputs import RideOptions
from exodrive.text import tidy

SAID = ("phone", "special_requests", "from_text", "to_text", "flight_number", "sign_name")
OF_THE_RIDE = SAID[2:]


@dataclass(frozen=True, slots=True)
class RideDetails:
    """What is typed beside wish and customer: where exactly, which flight, what stands on the sign. "" is nothing."""

    phone: str = ""
    special_requests: str = ""
    from_text: str = ""
    to_text: str = ""
    flight_number: str = ""
    sign_name: str = ""
    extras: Extras = ()

    def __post_init__(self) -> None:
        for name in SAID:
            object.__setattr__(self, name, tidy(getattr(self, name)).strip())
        object.__setattr__(self, "flight_number", self.flight_number.replace(" ", "").upper())

    @property
    def counted(self) -> Extras:
        """The extras that are wanted at all, in ascending order of their ids."""
        return tuple(sorted(((x, n) for x, n in self.extras if n), key=lambda pair: pair[0].pk))

    @property
    def of_ride(self) -> dict[str, str]:
        """What the ride keeps of it; the rest is the booking's."""
        return {name: getattr(self, name) for name in OF_THE_RIDE}


@dataclass(frozen=True)
class RideRequest:
    """A ride to book. Without a `language` (of the mails) it is the one that is active.

    With a `hold` its hours, car and price become the booking's. `car` is the very one that is wanted; None is any of the
    class. `override` is a member of staff's reason for breaking rules, `confirmed` and `silent` are staff's, too. At a
    price that `agreed` does not cover it is refused; None agrees to the hold's, without a hold to any. `visitor` and
    `network` are keyed hashes of who asks.
    """

    wish: Wish
    options: RideOptions
    who: Person
    details: RideDetails = RideDetails()
    car: Car | None = None
    language: str | None = None
    source: str = Booking.Source.WEB
    hold: Hold | None = None
    override: str = ""
    payment_method: str = ""  # the usual one
    agreed: Agreed | None = None
    visitor: str = ""
    network: str = ""
    confirmed: bool = False
    silent: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "override", tidy(self.override).strip())

    @property
    def columns(self) -> dict[str, Any]:
        """The details as the booking's own columns keep them."""
        return {"phone": self.details.phone, "special_requests": self.details.special_requests}

    @property
    def priced_by(self) -> RideOptions:
        """What its price depends on, the extras included."""
        return with_extras(self.options, self.details.counted)

    def of(self, wish: Wish) -> "RideRequest":
        """The same for that wish."""
        return replace(self, wish=wish)

    @property
    def canonical(self) -> dict[str, Any]:
        """For `Idempotency.of`."""
        hours = self.wish.hours
        return {
            "ride": [self.wish.service.pk, self.wish.car_class.pk, self.car.pk if self.car else None],
            "hours": [hours.starts_at.isoformat(), hours.ends_at.isoformat()],
            "choice": kept(self.wish, self.options),
            "customer": [self.who.full_name, self.who.email, self.details.phone],
            "language": self.language,
            "source": str(self.source),
            "extras": [[extra.pk, quantity] for extra, quantity in self.details.counted],
            "hold": str(self.hold.pk) if self.hold else None,
            "override": self.override,
            **({"departure": self.wish.departure.pk} if self.wish.departure else {}),
            "requests": self.details.special_requests.replace("\r\n", "\n"),
            **self.details.of_ride,
            **{name: True for name in ("confirmed", "silent") if getattr(self, name)},
        }
