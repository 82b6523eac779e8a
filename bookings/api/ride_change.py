"""A change to a ride, as the JSON API takes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bookings.api.inputs.bookings import BookingPatch
from bookings.api.inputs.ride_changes import ChangesRide
from bookings.api.rides.render import ride_alternative_out
from bookings.availability.rides.instead import other_times
from bookings.errors import DaysRefused, Invalid
from bookings.lifecycle.change import Change
from bookings.lifecycle.pricing.adjusting import Adjustment
from bookings.lifecycle.rides.change import change_ride
from bookings.lifecycle.rides.change_request import OF_THE_BOOKING, RideChangeRequest
from bookings.models import Booking
from bookings.ridden import ride_of
from cars.pricing.agreed import Pricing
from exodrive.money import Money

FOR_ALL = {"phone", "special_requests", "override", "agreed_total", "pricing", "adjustment", "customers_wish"}
OF_A_RIDE = set(ChangesRide.model_fields)


def refuse_ride(body: BookingPatch) -> None:
    """Raise Invalid, naming what only rides have."""
    _refuse(body, body.model_fields_set & OF_A_RIDE, _("Only a ride has this."))


def changed_ride(booking: Booking, body: BookingPatch, at: datetime, *, preview: bool) -> Change:
    """Change a ride. Raises Invalid, naming what rides do not have, and what `change_ride` does, with alternatives."""
    _refuse(body, body.model_fields_set - FOR_ALL - OF_A_RIDE, _("A ride does not have this."))
    to = _asked(booking, body)
    with _with_other_times(booking, to, at):
        return change_ride(booking=booking, to=to, at=at, preview=preview)


def _refuse(body: BookingPatch, names: set[str], words: str) -> None:
    spelt = (BookingPatch.model_fields[name].validation_alias or name for name in sorted(names))
    if wrong := {str(name): [words] for name in spelt}:
        raise Invalid(fields=wrong)


def _asked(booking: Booking, body: BookingPatch) -> RideChangeRequest:
    said: dict[str, Any] = {
        name: getattr(body, name) for name in OF_THE_BOOKING if name in body.model_fields_set
    }
    if body.ride:
        said |= {name: getattr(body.ride, name) for name in body.ride.model_fields_set}
    taken_off = "adjustment" in body.model_fields_set and body.adjustment is None
    return RideChangeRequest(
        start=body.start,
        minutes=body.minutes,
        override=body.reason,
        agreed=body.agreed,
        pricing=Pricing(body.pricing) if body.pricing else None,
        adjustment=Adjustment(Money.zero(booking.currency)) if taken_off else body.adjusts,
        **said,
    )


@contextmanager
def _with_other_times(booking: Booking, to: RideChangeRequest, at: datetime) -> Iterator[None]:
    """Add `alternatives` to the details of a refusal of another time."""
    try:
        yield
    except DaysRefused as refusal:
        wish = to.wish(ride_of(booking))
        others = other_times(booking, wish, at) if wish.hours != ride_of(booking).hours else []
        refusal.details["alternatives"] = [
            ride_alternative_out(other).model_dump(mode="json", by_alias=True) for other in others
        ]
        raise
