"""Writes down what happens around keys (`SecurityEvent`): as a row, and as a log line that names ids alone."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from exodrive.http.client_ip import client_network
from exodrive.models import SecurityEvent
from exodrive.rls import current

log = logging.getLogger(__name__)
Kind = SecurityEvent.Kind
_network: ContextVar[str] = ContextVar("network", default="")


@contextmanager
def asked_by(request: HttpRequest) -> Iterator[None]:
    """Events of the block are written down with the address that the request comes from."""
    reset = _network.set(client_network(request))
    try:
        yield
    finally:
        _network.reset(reset)


def note(kind: Kind, *, user_id: int | None = None, booking_id: Any = None, detail: str = "") -> None:
    """A row and a line: it happened to the keys of this user. Who did it is the identity in force."""
    actor = current().user_id
    SecurityEvent.objects.create(
        kind=kind,
        user_id=user_id,
        actor_id=int(actor) if actor else None,
        booking_id=booking_id,
        network=_network.get(),
        detail=detail,
    )
    say(kind, user_id=user_id, booking_id=booking_id)


def say(kind: Kind, *, user_id: int | None = None, booking_id: Any = None) -> None:
    """Only the line, where the database writes the row; once the transaction in progress has committed."""
    actor = current().user_id
    fields = {"user_id": user_id, "actor_id": int(actor) if actor else None, "booking_id": booking_id}
    told = {name: str(value) for name, value in fields.items() if value is not None}
    event = {"event": str(kind), **told}
    transaction.on_commit(lambda: log.info(str(kind), extra={"event": event}), robust=True)
