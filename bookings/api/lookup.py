"""What the API's operations look up. Row-level security decides what the caller can see; the rest is not found."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from bookings.api.inputs.bookings import BookingIn, BookingPatch, ExtraIn
from bookings.errors import HoldExpired, Invalid, NotFound
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.pricing.adjusting import Adjustment
from bookings.lifecycle.request import DETAILS, Details
from bookings.models import PLACES, Booking, Hold, Payment
from bookings.payments.terms import given_back, refund_if_cancelled
from bookings.tokens import hash_of
from cars.catalogue import catalogue
from cars.models import Car, Extra, Location
from cars.pricing.agreed import Pricing
from exodrive.db.logins import serves_public_only
from exodrive.money import Money
from exodrive.rls import PUBLIC, SERVICE, acting_as, current


def car_for(car_id: int) -> Car:
    """A car that the caller can see, with its location and fleet. Raises NotFound."""
    car = catalogue(car_id).car(car_id)
    if car is None:
        raise NotFound
    return car


def booking_for(booking_id: str) -> Booking:
    """A booking that the caller can see, with its car and places. Raises NotFound."""
    rows = Booking.objects.select_related("car__location")
    bookings = rows.prefetch_related(PLACES, "extras")
    booking = bookings.filter(pk=UUID(booking_id)).first()
    if booking is None:
        raise NotFound
    return booking


def payments_of(booking: Booking) -> list[Payment]:
    """The payments of a booking that the caller has been shown, oldest first; none where only the public is served.

    exo_public reads no payments: whoever has the booking's link is told of them as exo_service.
    """
    if serves_public_only():
        return []
    with acting_as(SERVICE, actor="customer"):
        return list(Payment.objects.filter(booking=booking))


def refuse_public_only() -> None:
    """Raise NotFound in a process that can be nobody but exo_public: it takes no payments."""
    if serves_public_only():
        raise NotFound


def payment_for(payment_id: str) -> Payment:
    """A payment of a booking that the caller can see. Raises NotFound; always where only the public is served."""
    refuse_public_only()
    payments = Payment.objects.filter(pk=UUID(payment_id))
    if current().role != PUBLIC:
        payment = payments.first()
    else:
        own = list(Booking.objects.values_list("pk", flat=True))
        with acting_as(SERVICE, actor="customer"):
            payment = payments.filter(booking__in=own).first()
    if payment is None:
        raise NotFound
    return payment


def refund_of(booking: Booking, at: datetime) -> Money:
    """What goes back of a booking that was cancelled."""
    if not (booking.paid or booking.refunded):
        return Money.zero(booking.currency)
    if serves_public_only():
        return refund_if_cancelled(booking, at)
    with acting_as(SERVICE, actor="customer"):
        return given_back(booking)


def location_for(field: str, location_id: int | None) -> Location | None:
    """A location by id, with its hours. Raises Invalid, naming the field."""
    if location_id is None:
        return None
    place = catalogue().location(location_id)
    if place is None:
        raise Invalid.field(field, _("There is no such location."))
    return place


def details_for(body: BookingIn | BookingPatch, place: Location, booking: Booking | None = None) -> Details:
    """What a body says of a booking's details, the rest None; without a pick-up of its own it begins at `place`."""
    said = {name: getattr(body, name) for name in DETAILS & body.model_fields_set}
    said["pick_up"] = location_for("pickUpLocationId", body.pick_up_location_id)
    said["drop_off"] = location_for("dropOffLocationId", body.drop_off_location_id)
    if "extras" in said:
        said["extras"] = extras_for(said["pick_up"] or place, body.extras, booking)
    return Details(**said)


def change_for(body: BookingPatch, booking: Booking) -> ChangeRequest:
    """What a body asks to change on a booking."""
    taken_off = "adjustment" in body.model_fields_set and body.adjustment is None
    return ChangeRequest(
        days=body.days(booking.days),
        car=car_for(body.car_id) if body.car_id else None,
        details=details_for(body, booking.pick_up, booking),
        override=body.reason,
        agreed=body.agreed,
        customers_wish=body.customers_wish,
        pricing=Pricing(body.pricing) if body.pricing else None,
        adjustment=Adjustment(Money.zero(booking.currency)) if taken_off else body.adjusts,
    )


def extras_for(
    place: Location, wanted: Iterable[ExtraIn], booking: Booking | None = None
) -> tuple[tuple[Extra, int], ...]:
    """Extras offered at a place, or had by the booking, with how many.

    Raises Invalid for one that is neither, or that comes twice.
    """
    numbers = [(row.id, row.quantity) for row in wanted]
    kept = booking.counted_extras if booking else ()
    offered = Extra.objects.filter(Q(Q(location=place) | Q(location=None), is_offered=True) | Q(pk__in=kept))
    found = offered.in_bulk([pk for pk, _n in numbers])
    if len(found) < len(numbers):
        raise Invalid.field("extras", _("Name extras of the pick-up place, each once."))
    return tuple((found[pk], n) for pk, n in numbers)


def hold_by(token: str) -> Hold:
    """The hold of a token. Raises HoldExpired for an unknown one: lapsed holds are deleted after a while."""
    holds = Hold.objects.select_related("car__location").prefetch_related("car__location__opening_hours")
    hold = holds.filter(token_hash=hash_of(token)).first()
    if hold is None:
        raise HoldExpired
    return hold
