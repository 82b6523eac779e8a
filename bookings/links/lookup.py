"""What a secret link opens. Everything here reads as exo_public: the database itself shows no other booking."""

from django.conf import settings
from django.db import connection

from bookings.errors import NotFound
from bookings.links.pins import PinRequired
from bookings.models import PLACES, Booking, BookingProof, Hold
from bookings.signals import mail_waits
from bookings.tokens import hash_of, new_nonce, token_of
from exodrive.mailboxes import canonical
from exodrive.rls import PUBLIC, acting_as


def booking_for(token: str) -> Booking:
    """The booking whose link holds `token`. Call inside `acting_as(PUBLIC, token=token)`. Raises NotFound.

    A wrong, a rotated and an expired token look the same.
    """
    booking = (
        Booking.objects.select_related("car__location")
        .prefetch_related(PLACES, "places__location__opening_hours", "car__images")
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


def replayed_by(token: str) -> Booking:
    """The booking that an earlier request made, read with its own link. Raises PinRequired: the link got a PIN since."""
    with acting_as(PUBLIC, token=token):
        booking = Booking.objects.select_related("car__location").prefetch_related(PLACES).first()
        if booking is None:
            raise PinRequired
        waiting = BookingProof.objects.filter(booking=booking, proven_at=None)
        booking.prove_by = waiting.values_list("due_at", flat=True).first()
    booking.secret, booking.replayed = token, True
    return booking


def linked_token() -> str:
    """The token of the booking that the identity's hold or booking token stands for, or ""."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT link_nonce()")
        nonce = cursor.fetchone()[0]
    return token_of(bytes(nonce)) if nonce else ""


def rotate_link(*, booking: Booking) -> None:
    """Give the booking another secret link, without PIN, for at least settings.NEW_LINK_HOURS. The old one opens nothing.

    Neither does what led to it: the hold's page and answers kept for a retry.
    """
    nonce = new_nonce()
    with connection.cursor() as cursor:
        hours = settings.NEW_LINK_HOURS
        cursor.execute(
            "SELECT rotate_link(%s, %s, %s, %s)", [booking.pk, nonce, hash_of(token_of(nonce)), hours]
        )


def request_new_link(*, email: str, reference: str) -> None:
    """Queue a mail with the booking's link if both belong together. Answers nothing either way.

    An expired link works again for settings.NEW_LINK_HOURS. One with a PIN is replaced: whoever asks forgot it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mail_link_again(%s, %s, %s)",
            [canonical(email), reference.strip(), settings.NEW_LINK_HOURS],
        )
    mail_waits.send(None)
