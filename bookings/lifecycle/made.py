"""What every new booking has in common, whatever it is for: its terms, its link, how it is paid, whose it is."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from bookings.availability.extras import book_extras
from bookings.lifecycle.request import Extras, NewBooking
from bookings.links.lookup import linked_token, replayed_by
from bookings.models import Booking, BookingLink, BookingLocation, Hold
from bookings.tokens import hash_of, new_nonce, token_of
from cars.models import Location
from cars.pricing.quote import Quote
from exodrive.db.together import asked, insert
from exodrive.rls import PUBLIC, acting_as, current


def booked_from(hold: Hold) -> Booking | None:
    """The booking that this hold has become already: back button and double click are harmless."""
    if Hold.objects.filter(pk=hold.pk, booking__isnull=False).exists() and (token := linked_token()):
        return replayed_by(token)
    return None


def made_at_once(booking: Booking, request: NewBooking) -> Booking:
    """With what is not kept of how it is made."""
    booking.silent, booking.confirmed_at_once = request.silent, request.confirmed
    return booking


def to_pay(request: NewBooking, at: datetime) -> dict[str, Any]:
    """How it is paid, and until when at the latest: customers by the first method offered, staff's at pick-up."""
    usual = settings.PAYMENT_METHODS[0] if current().role == PUBLIC else Booking.PaymentMethod.PICK_UP
    method = request.payment_method or usual
    online = method in settings.ONLINE_PAYMENT_METHODS
    return {"payment_method": method, "pay_until": at + settings.PAYMENT_WINDOW if online else None}


def frozen(quote: Quote) -> dict[str, Any]:
    """The columns of a booking that keep its quote."""
    return {
        "quote": quote.as_json(),
        "total": quote.total.amount,
        "deposit": quote.deposit.amount,
        "currency": quote.currency,
    }


def cancellation_terms(
    pickup_at: datetime, hours: int, tiers: Iterable[Sequence[int]] = ()
) -> dict[str, Any]:
    """The terms as frozen on a booking: until when cancelling is free, then what comes back (hours, per cent)."""
    terms = {"free_until": (pickup_at - timedelta(hours=hours)).isoformat(), "hours": hours}
    return terms | ({"tiers": [list(tier) for tier in tiers]} if tiers else {})


def give_link(booking: Booking) -> None:
    """The secret address of its page, until some days after its return. Sets `booking.secret`."""
    nonce = new_nonce()
    booking.secret = token_of(nonce)
    insert(
        BookingLink(
            booking=booking,
            nonce=nonce,
            token_hash=hash_of(booking.secret),
            expires_at=booking.return_at + timedelta(days=settings.TOKEN_DAYS_AFTER_RETURN),
        )
    )


def put_places(booking: Booking, pick_up: Location, drop_off: Location) -> None:
    """Where the car changes hands."""
    kinds = ((BookingLocation.Kind.PICK_UP, pick_up), (BookingLocation.Kind.DROP_OFF, drop_off))
    insert(*(BookingLocation(booking=booking, kind=kind, location=place) for kind, place in kinds))
    booking.__dict__["_places"] = dict(kinds)


def customer_of(booking: Booking) -> Any:
    """The id of the customer of its mailbox, who may be new."""
    who = [booking.mailbox, booking.full_name, booking.phone]
    return asked("SELECT customer_of_mailbox(%s, %s, %s)", who)[0][0]


def take_extras(booking: Booking, extras: Extras) -> None:
    """Count what is wanted beside the car as the booking's own. Raises Invalid for what is not left."""
    if extras and current().role != PUBLIC:
        book_extras(booking, extras)
    elif extras:
        with acting_as(PUBLIC, token=booking.secret):  # a customer's own from now on
            book_extras(booking, extras)
