"""Who the database thinks we are: the identity of the code that runs, and the policies that read it.

Every query runs as one of three PostgreSQL roles. `acting_as` says which; `exodrive.db.backend` tells the database.
Code that forgot to say so runs as the login role, which owns nothing: a loud "permission denied".
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.conf import settings

# Landed migrations find these here, under their first names.
from exodrive.db.access import EnableRowSecurity as Protect  # noqa: F401
from exodrive.db.access import Policy  # noqa: F401
from exodrive.db.access import full_access as everything  # noqa: F401
from exodrive.db.access import read_only as reading  # noqa: F401
from exodrive.text import tidy

PUBLIC = "exo_public"
STAFF = "exo_staff"
SERVICE = "exo_service"
LOGIN = "none"  # the login role itself: sessions and sign-in tables only
OWNER = "owner"  # the schema's owner: migrations, test factories


class Identity(NamedTuple):
    """What every query carries: the role, and what the policies and the audit trigger read beside it."""

    role: str = LOGIN
    user_id: str = ""
    token_hash: str = ""
    actor: str = ""
    reason: str = ""
    pin: str = ""

    @property
    def database_role(self) -> str:
        """The value for PostgreSQL's `role` setting. Tests connect as the owner, so "none" there is the app login."""
        if self.role == OWNER:
            return "none"
        if self.role == LOGIN and settings.TESTING:
            return "exo_app"
        return self.role


NOBODY = Identity()
_current: ContextVar[Identity] = ContextVar("identity", default=NOBODY)


def current() -> Identity:
    """The identity in force."""
    return _current.get()


def token_hash(token: str) -> str:
    """SHA-256 of a secret token in hex. Only this reaches the database, never the token."""
    return hashlib.sha256(token.encode()).hexdigest()


@contextmanager
def acting_as(
    role: str, *, user: Any = None, token: str | None = None, pin: str = "", actor: str = "", reason: str = ""
) -> Iterator[Identity]:
    """Run the block's queries as `role`, with the booking or hold that `token` opens.

    `pin` is the proof (`bookings.links.pins`) that opens a link with a PIN.
    `actor` names who moves a booking when the role does not say it: a job or a provider for exo_service.
    `reason` is written into the audit rows of the block. Nests; the outer identity comes back at the end.
    """
    ident = Identity(
        role,
        str(user.pk) if user is not None else "",
        token_hash(token) if token else "",
        actor,
        reason,
        pin,
    )
    with _assume(ident):
        yield ident


@contextmanager
def with_reason(reason: str) -> Iterator[Identity]:
    """The identity in force, with a reason for the audit rows that the block writes."""
    ident = current()._replace(reason=tidy(reason) or current().reason)
    with _assume(ident):
        yield ident


def show_pin(proof: str) -> None:
    """From here to the end of the identity in force, its link opens with this PIN's proof."""
    _current.set(current()._replace(pin=proof))


@contextmanager
def as_owner() -> Iterator[Identity]:
    """Run as the schema's owner, past every policy. Works only where the connection is the owner's (tests, migrate)."""
    with _assume(Identity(OWNER)):
        yield current()


@contextmanager
def _assume(ident: Identity) -> Iterator[None]:
    reset = _current.set(ident)
    try:
        yield
    finally:
        _current.reset(reset)
