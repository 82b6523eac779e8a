"""What is asked for in a change to a booking, by page, API and staff alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bookings.days import Days
from bookings.lifecycle.pricing.adjusting import Adjustment
from bookings.lifecycle.pricing.agreed import Agreed
from bookings.lifecycle.request import Details
from bookings.models import Booking
from cars.models import Car
from cars.pricing.agreed import Pricing
from exodrive.text import tidy


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """What of a booking is to change; what is None stays. `override` is staff's reason for breaking rules.

    A swap of cars by staff costs nothing, unless it is the `customers_wish`; `pricing` is staff's choice where the usual one
    is not meant, and an `adjustment` a manager's. `agreed` is as for a `BookingRequest`. `seen` is the booking that was
    looked at, `had` its extras: what is to change must still be as it was there.
    """

    days: Days | None = None
    car: Car | None = None
    details: Details = field(default_factory=Details)
    override: str = ""
    agreed: Agreed | None = None
    customers_wish: bool = False
    seen: Booking | None = None
    had: Mapping[int, int] | None = None
    pricing: Pricing | None = None
    adjustment: Adjustment | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "override", tidy(self.override).strip())

    def news_for(self, booking: Booking) -> "ChangeRequest":
        """Without what the booking is or has already.

        A time named for other days or places stays named: it is wanted, and does not follow the opening hours.
        """
        days = None if self.days == booking.days else self.days
        car = None if self.car and self.car.pk == booking.car_id else self.car
        details = self.details.unlike(booking)
        if days or details.pick_up or details.drop_off:
            asked = self.details
            details = replace(details, pickup_time=asked.pickup_time, return_time=asked.return_time)
        adjustment = None if self.adjustment == Adjustment.on(booking.as_quoted) else self.adjustment
        return replace(self, days=days, car=car, details=details, adjustment=adjustment)

    @property
    def moves(self) -> bool:
        """Whether the ledger changes."""
        return bool(self.days or self.car)

    @property
    def touches_extras(self) -> bool:
        """Whether extras or their days may change."""
        return self.moves or bool(self.details.named & {"pick_up", "extras"})

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to change."""
        priced_anew = self.pricing == Pricing.TODAY or self.adjustment
        return not (self.moves or self.details.named or priced_anew)
