"""What a secret link opens. Everything here reads as exo_public: the database itself shows no other booking."""

from django.conf import settings
from django.db import connection

from bookings.errors import NotFound
from bookings.models import Booking, Hold
from bookings.tokens import token_of


def booking_for(token: str) -> Booking:
    """The booking whose link holds `token`. Call inside `acting_as(PUBLIC, token=token)`. Raises NotFound.

    A wrong, a rotated and an expired token look the same.
    """
    booking = (
        Booking.objects.select_related("car__location", "customer")
        .prefetch_related("places__location__opening_hours", "car__images")
        .first()
    )
    if booking is None:
        raise NotFound
    booking.secret = token
    return booking


def hold_for(token: str) -> Hold:
    """The hold whose link holds `token`, lapsed or not. Call inside `acting_as(PUBLIC, token=token)`. Raises NotFound."""
    hold = (
        Hold.objects.select_related("car__location")
        .prefetch_related("car__images", "car__location__opening_hours")
        .first()
    )
    if hold is None:
        raise NotFound
    return hold


def linked_token() -> str:
    """The token of the booking that the identity's hold or booking token stands for, or ""."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT link_nonce()")
        nonce = cursor.fetchone()[0]
    return token_of(bytes(nonce)) if nonce else ""


def request_new_link(*, email: str, reference: str) -> None:
    """Queue a mail with the booking's link if both belong together. Answers nothing either way.

    An expired link works again for settings.NEW_LINK_HOURS.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT request_new_link(%s, %s, %s)", [email.strip(), reference.strip(), settings.NEW_LINK_HOURS]
        )
