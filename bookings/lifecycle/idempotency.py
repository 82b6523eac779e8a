"""The same request twice gets the first one's answer: keys kept with the booking, in its transaction."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from bookings.errors import IdempotencyKeyReused, InProgress, Invalid
from bookings.links.lookup import replayed_by
from bookings.models import Booking, IdempotencyKey
from bookings.tokens import token_of
from exodrive.errors import plain

PRINTABLE = re.compile(r"[\x20-\x7e]{1,255}")
BOOKINGS = "POST /api/bookings"


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A client's key for one request. `fingerprint` is the SHA-256 of the validated input."""

    scope: str
    key: str
    fingerprint: str

    @classmethod
    def of(cls, key: str, payload: Any, *, user_id: int | None = None, visitor: str = "") -> "Idempotency":
        """The key of a request for a booking, by staff or a visitor, page or API. Raises Invalid for an impossible key.

        The answer has the booking's link: so a key is its sender's own (`bookings.visitors.sender_of`).
        """
        if not PRINTABLE.fullmatch(key):
            raise Invalid.field("Idempotency-Key", _("Send 1 to 255 printable ASCII characters."))
        canonical = json.dumps(plain(payload), sort_keys=True, separators=(",", ":"))
        sender = f"staff:{user_id}" if user_id else f"public:{visitor}"
        return cls(f"{sender}:{BOOKINGS}", key, hashlib.sha256(canonical.encode()).hexdigest())


def begin(idempotency: Idempotency) -> Booking | None:
    """Own the key until the transaction ends. Returns the booking that an earlier request with it made.

    Raises InProgress while a twin is at work, IdempotencyKeyReused when the key came with other input.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, booking, nonce FROM idem_begin(%s, %s, %s)",
            [idempotency.scope, idempotency.key, idempotency.fingerprint],
        )
        state, _booking, nonce = cursor.fetchone()
    if state == "busy":
        raise InProgress
    if state == "mismatch":
        raise IdempotencyKeyReused
    return replayed_by(token_of(bytes(nonce))) if state == "replay" else None


def finish(idempotency: Idempotency, booking: Booking, http_status: int = 201) -> None:
    """Keep the answer, in the same transaction as the booking."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT idem_finish(%s, %s, %s::smallint, %s)",
            [idempotency.scope, idempotency.key, http_status, booking.pk],
        )


def prune(at: datetime) -> int:
    """Delete answers that expired before `at`; how many."""
    return IdempotencyKey.objects.filter(expires_at__lte=at).delete()[0]
