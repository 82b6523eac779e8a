"""Whom staff do not rent to: kept by keyed hashes, so that the mark stays when the person is erased, and names nobody.

The public never learns of it. Who has the database without settings.LINK_KEY cannot tell whom a mark is about.
"""

import hmac
import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from bookings.models import Booking, DoNotRent
from exodrive.phones import local_digits_of

YEAR = timedelta(days=365)


def hashed(kind: str, value: str) -> str:
    """The keyed hash of a `mailbox` or of a `phone`'s local digits, in hex; "" of nothing."""
    words = f"do not rent {kind} {value}".encode()
    return hmac.new(settings.LINK_KEY.encode(), words, "sha256").hexdigest() if value else ""


def hashes_of(mailbox: str, phone: str) -> tuple[str, str]:
    """Of a mailbox in its normal form and of a phone as typed."""
    return hashed("mailbox", mailbox), hashed("phone", local_digits_of(phone))


def marks_on(mailbox: str, phone: str) -> list[DoNotRent]:
    """The marks in force on whoever has that mailbox or phone, newest first, with who decided. One query, as staff."""
    known = _about([hashes_of(mailbox, phone)])
    return list(known.filter(lifted_at=None).select_related("decided_by")) if mailbox or phone else []


def hashes_in_force() -> frozenset[str]:
    """Of everybody whom staff do not rent to now, for `is_marked`. One query."""
    rows = DoNotRent.objects.filter(lifted_at=None).values_list("mailbox_hash", "phone_hash")
    return frozenset(one for row in rows for one in row if one)


def is_marked(booking: Booking, in_force: frozenset[str]) -> bool:
    """Whether staff do not rent to whoever made this booking."""
    return bool(in_force) and not in_force.isdisjoint(hashes_of(booking.mailbox, booking.phone))


def marks_of(known: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """For a copy of somebody's data: every mark on these mailboxes and phones, without who decided.

    The public gets those of the person whose mailbox has confirmed the copy, and nothing before.
    """
    hashes = [one for who in known for one in hashes_of(*who) if one]
    with connection.cursor() as cursor:
        cursor.execute("SELECT marks_of(%s)", [hashes])
        found = cursor.fetchone()[0]
    return list(json.loads(found) if isinstance(found, str) else found)


def _about(known: Collection[tuple[str, str]]) -> QuerySet[DoNotRent]:
    mailboxes, phones = ([one for one in column if one] for column in zip(*known, strict=True))
    return DoNotRent.objects.filter(Q(mailbox_hash__in=mailboxes) | Q(phone_hash__in=phones))


def prune_marks(at: datetime) -> int:
    """Delete marks that are settings.DO_NOT_RENT_YEARS old, lifted or not; how many."""
    return DoNotRent.objects.filter(created_at__lt=at - settings.DO_NOT_RENT_YEARS * YEAR).delete()[0]
