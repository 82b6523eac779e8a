"""Correcting what somebody mistyped about themselves, as staff heard it: a name, an address."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection
from django.utils.translation import gettext as _

from bookings.errors import Invalid
from bookings.events import refusals_logged
from bookings.lifecycle.managers import refuse_desk
from bookings.lifecycle.request import Person
from bookings.lifecycle.validation import refuse_unusable_person
from bookings.models import Booking
from bookings.tokens import hash_of, new_nonce, token_of
from exodrive.db.retry import broken_constraint


@contextmanager
def refused_while_erasing() -> Iterator[None]:
    """The wish to be erased is the old mailbox's: with the booking gone elsewhere nobody would fulfil it."""
    try:
        yield
    except IntegrityError as error:
        if broken_constraint(error) != "erasure_waits":
            raise
        words = _(
            "The customer of this booking wants their data deleted: its address can no longer be changed."
        )
        raise Invalid(words) from error


@refusals_logged()
def correct_customer(*, booking: Booking, who: Person) -> bool:
    """Write another name or address on a booking; whether the mailbox is another one, which then has another link.

    The old link opens nothing any more, nor does what was mailed about it: it may lie in a stranger's mailbox. A booking
    that waits for its proof has the whole time for it again. Other bookings of either customer stay as they are. The
    history says that it was corrected, never from what. Raises Forbidden for the desk, Invalid for what is no name or
    address, and for a booking whose personal data is erased. The caller mails the new link, in the same transaction.
    """
    refuse_desk()
    refuse_unusable_person(who, booking)
    nonce = new_nonce()
    values: list[Any] = [booking.pk, who.full_name, who.email, who.mailbox]
    values += [nonce, hash_of(token_of(nonce)), settings.NEW_LINK_HOURS, settings.PROVE_MINUTES]
    with refused_while_erasing(), connection.cursor() as cursor:
        cursor.execute("SELECT correct_customer(%s, %s, %s, %s, %s, %s, %s, %s)", values)
        moved: bool | None = cursor.fetchone()[0]
    if moved is None:
        raise Invalid(_("The personal data of this booking is erased."))
    return moved
