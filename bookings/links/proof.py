"""Bookings that nobody has paid must prove their mailbox: asked for when one is made, answered by the mailed link."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.errors import Forbidden, TooManyRequests
from bookings.models import Booking, BookingProof, MailboxCode
from bookings.models.proof import LAPSED
from bookings.signals import mail_waits
from bookings.tokens import hash_of, new_nonce, token_of
from exodrive.mailboxes import canonical
from exodrive.rls import STAFF, current

MAX_CORRECTIONS = 3  # of the address of one booking
CODES_KEPT = timedelta(days=1)
TOO_MANY = {
    "mailbox": gettext_lazy(
        "Bookings of this email address are waiting to be confirmed. Open the link in their email, or call us."
    ),
    "visitor": gettext_lazy(
        "You have bookings that wait to be confirmed. Open the link in their email, or call us."
    ),
}


def ask_for_proof(booking: Booking, *, visitor: str, network: str) -> Callable[[], datetime | None]:
    """Ask until when a booking that was just written keeps its days without a proof.

    What is returned says it, None when it needs none, and is to be called after `together`.

    Staff's bookings need none, nor those of a mailbox whose owner has had a car. Otherwise a mailbox and a visitor have
    settings.UNPROVEN_PER_VISITOR unproven bookings at most, a network settings.UNPROVEN_PER_NETWORK. In the booking's
    transaction, with its days. The answer raises TooManyRequests.
    """
    limits = [settings.UNPROVEN_PER_VISITOR, settings.UNPROVEN_PER_NETWORK]
    cursor = connection.cursor()
    cursor.execute(
        "SELECT refused, due FROM must_prove(%s, %s, %s, %s, %s, %s)",
        [booking.pk, visitor, network, settings.PROVE_MINUTES, *limits],
    )

    def answer() -> datetime | None:
        with cursor:
            refused, due = cursor.fetchone()
        if refused:
            raise TooManyRequests(TOO_MANY.get(refused, TOO_MANY["visitor"]))
        return due

    return answer


def prove(proof: str) -> bool:
    """The mailed link was opened, within the identity of the booking's link: whether that proved it, now or before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT prove_booking(%s)", [hash_of(proof)])
        return bool(cursor.fetchone()[0])


def vouch_for(booking: Booking, at: datetime) -> None:
    """Staff confirm a booking, or it is paid: nothing is left to prove."""
    how = BookingProof.How.STAFF if current().role == STAFF else BookingProof.How.PAYMENT
    BookingProof.objects.filter(booking=booking, proven_at=None).update(proven_at=at, how=how)


def lapse(booking: Booking) -> bool:
    """From now on the mailed link proves nothing, as exo_service; False when it has done so already."""
    waiting = BookingProof.objects.filter(booking=booking, proven_at=None)
    return bool(waiting.update(token_hash=f"{LAPSED}{booking.pk}"))


def waiting_proof(booking: Booking) -> BookingProof | None:
    """What the booking still has to prove, while it waits."""
    shown = BookingProof.objects.only("due_at")  # the public reads no more of it
    return (
        shown.filter(booking=booking, proven_at=None).first()
        if booking.status == Booking.Status.PENDING
        else None
    )


def ask_for_code(*, email: str, visitor: str, language: str) -> bool:
    """Mail a code to an address, for this visitor; False when one was mailed a moment ago. Raises ValidationError."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ask_for_code(%s, %s, %s)", [canonical(email), visitor, language])
        mailed = bool(cursor.fetchone()[0])
    mail_waits.send(None)
    return mailed


def confirm_code(*, email: str, visitor: str, code: str) -> UUID | None:
    """What a hold of this visitor is proven with, when it is the code that was mailed. Raises ValidationError."""
    digits = "".join(character for character in code if character.isascii() and character.isdigit())
    with connection.cursor() as cursor:
        cursor.execute("SELECT confirm_code(%s, %s, %s)", [canonical(email), visitor, digits])
        return cursor.fetchone()[0]


def forget_visitors() -> int:
    """Who made a booking that no longer waits for its proof is nobody's business; how many were forgotten."""
    known = BookingProof.objects.exclude(visitor="", network="")
    over = known.filter(~Q(booking__status=Booking.Status.PENDING) | Q(proven_at__isnull=False))
    return over.update(visitor="", network="")


def prune_codes(at: datetime) -> int:
    """Delete codes a day after they ended; how many. What a hold was proven with stays with the booking."""
    return MailboxCode.objects.filter(expires_at__lt=at - CODES_KEPT).delete()[0]


def correct_address(*, email: str) -> str:
    """Send the mail of an unproven booking elsewhere, within the identity of its link; the new link's secret.

    The old link dies: its mail may lie in somebody else's mailbox. Raises Forbidden when there is nothing to prove any
    more or MAX_CORRECTIONS are used up, and ValidationError for what is no address.
    """
    nonce = new_nonce()
    token = token_of(nonce)
    values: list[Any] = [email, canonical(email), nonce, hash_of(token), MAX_CORRECTIONS]
    with connection.cursor() as cursor:
        cursor.execute("SELECT correct_address(%s, %s, %s, %s, %s)", values)
        if not cursor.fetchone()[0]:
            raise Forbidden(_("The address can no longer be changed here: call us."))
    mail_waits.send(None)
    return token
