"""A ride that a program wants to have: held, or as the request that books it. Refusals say what can be had instead."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.api.inputs.bookings import BookingIn
from bookings.api.lookup import extras_for
from bookings.api.rides.departures import seats_asked
from bookings.api.rides.inputs import RideBookingIn, RideHoldIn, RideWantedIn
from bookings.api.rides.lookup import Chosen, chosen_of, held_of, offer_asked
from bookings.api.rides.render import ride_alternative_out
from bookings.availability.holds import Visitor
from bookings.availability.rides.chosen import of_hold
from bookings.availability.rides.holds import hold_ride
from bookings.availability.rides.offer import Offer
from bookings.errors import DaysRefused, Invalid
from bookings.lifecycle.idempotency import Idempotency
from bookings.lifecycle.rides.create import book_ride
from bookings.lifecycle.rides.doors import addresses_of
from bookings.lifecycle.rides.request import OF_THE_RIDE, RideDetails, RideRequest
from bookings.models import Booking, Hold


def hold_asked(body: RideHoldIn, at: datetime, visitor: Callable[[], Visitor]) -> Hold:
    """The ride of a body, kept. Raises what `hold_ride` raises, NotFound and Invalid.

    Who asks is looked up last: a code that proves a mailbox is not tried for what makes no sense.
    """
    wish, options = _chosen(body, at)
    with with_other_rides((wish, options)):
        return hold_ride(wish=wish, options=options, at=at, by=visitor())


def ride_asked(body: RideBookingIn, at: datetime, **more: Any) -> RideRequest:
    """The request of a body: the ride that its hold keeps, or the one that it names. Raises NotFound and Invalid."""
    hold = more["hold"]
    chosen = held_of(hold, body) if hold else _chosen(body, at)
    return RideRequest(*chosen, details=_details(body, chosen), **more)


def _chosen(body: RideWantedIn, at: datetime) -> Chosen:
    """A car to oneself, or seats on a departure. Raises as `chosen_of` and `seats_asked`."""
    offer = offer_asked(body)
    if body.departure_id is not None:
        return seats_asked(offer, body, at)
    if body.ride.children:
        raise Invalid.field("ride.children", _("Only seats on a departure have a price for children."))
    return chosen_of(offer, body, at)


def ride_again(body: BookingIn | RideBookingIn, **more: Any) -> RideRequest:
    """The request of a hold that became a booking already: whatever else is sent, that is the answer."""
    return RideRequest(*of_hold(more["hold"]), details=RideDetails(phone=body.customer.phone), **more)


def book_asked(asked: RideRequest, at: datetime, key: Idempotency | None) -> Booking:
    """The booking. Raises what `book_ride` raises."""
    with with_other_rides((asked.wish, asked.options), asked.hold):
        return book_ride(asked, at=at, idempotency=key)


def _details(body: RideBookingIn, chosen: Chosen) -> RideDetails:
    wish, options = chosen
    said = {name: getattr(body.ride, name) for name in OF_THE_RIDE}
    words = {
        "from_text": _("Enter the address where we pick you up"),
        "to_text": _("Enter the address where we take you"),
    }
    needed = [name for name, need in addresses_of(wish.service, options).items() if need]
    missing = {f"ride.{body.spelt(name)}": [words[name]] for name in needed if not said[name]}
    if missing:
        raise Invalid(fields=missing)
    return RideDetails(
        phone=body.customer.phone,
        special_requests=body.special_requests,
        extras=extras_for(wish.service.location, body.extras),
        **said,
    )


@contextmanager
def with_other_rides(chosen: Chosen, hold: Hold | None = None) -> Iterator[None]:
    """Add `alternatives` to the details of a refusal of a ride."""
    try:
        yield
    except DaysRefused as refusal:
        if chosen[0].departure:
            raise  # which departures there are, and with how many seats, is a list of its own
        answer = Offer.of(chosen[0].service).answer(*chosen, timezone.now(), ignoring=hold)
        others = [ride_alternative_out(other) for other in answer.instead]
        refusal.details["alternatives"] = [one.model_dump(mode="json", by_alias=True) for one in others]
        raise
