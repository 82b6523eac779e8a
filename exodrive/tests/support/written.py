"""What a stretch of work writes to the log, as production would write it, and what must not be in it."""

import io
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from bookings.models import Booking, Customer, DataRequest, Hold
from exodrive.models import User
from exodrive.ops.logging import JsonLines, RequestId
from exodrive.rls import as_owner

SHORTEST = 4  # letters of a word that says something


@contextmanager
def written() -> Iterator[io.StringIO]:
    """Everything that reaches the root logger meanwhile, through production's formatter."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(JsonLines())
    handler.addFilter(RequestId())
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield lines
    finally:
        root.removeHandler(handler)


def secrets_held() -> set[str]:
    """Whom the database knows, and what opens something: names, addresses, phone numbers, tokens."""
    with as_owner():
        people = [*Booking.objects.select_related("link"), *Customer.objects.all()]
        held = {text for person in people for text in (person.full_name, person.email, person.phone)}
        held |= {booking.token for booking in people if isinstance(booking, Booking) and booking.link.nonce}
        held |= {row.token for rows in (Hold.objects.all(), DataRequest.objects.all()) for row in rows}
        held |= {text for user in User.objects.all() for text in (user.full_name, user.email)}
    return held


def given_away(text: str, secrets: Iterable[str]) -> list[str]:
    """Which of the secrets, or of the words in a name, stand in the text."""
    words = {word for secret in secrets for word in (secret, *secret.split()) if len(word) >= SHORTEST}
    return sorted(word for word in words if word in text)
