"""Clients of the staff pages, and a mail to send."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bookings.tests.support.factories import make_booking, make_desk, make_manager, make_user
from exodrive.models import User
from exodrive.rls import as_owner
from inbox.models import InboxEmail


class Staff(Client):
    """A signed-in browser with its user; `htmx` posts as the inbox page does."""

    user: User

    def htmx(self, path: str, data: dict[str, Any] | None = None, *, target: str = "") -> Any:
        """POST with data, GET without."""
        send = self.get if data is None else self.post
        return send(path, data or {}, headers={"HX-Request": "true", "HX-Target": target})


def signed_in(user: User) -> Staff:
    """A client with the user's session."""
    client = Staff()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def desk(db: None) -> Staff:
    """Inès at the desk."""
    return signed_in(make_desk())


@pytest.fixture
def manager(db: None) -> Staff:
    """Paul, a manager."""
    return signed_in(make_manager())


@pytest.fixture
def client_of(db: None) -> Callable[[str], Client]:
    """`client_of("desk")`: anonymous, only_staff_flag, desk, manager, superuser."""
    users = {
        "only_staff_flag": lambda: make_user(is_staff=True),
        "desk": make_desk,
        "manager": make_manager,
        "superuser": lambda: make_user(is_staff=True, is_superuser=True),
    }
    return lambda who: Client() if who == "anonymous" else signed_in(users[who]())


@pytest.fixture
def silent_broker(monkeypatch):
    """Nothing is published: these tests do what a worker does."""
    monkeypatch.setattr("inbox.receivers.publish", lambda *args: True)


@pytest.fixture
def email(silent_broker):
    """The customer's mail of a new booking; the one to staff is out of the way."""
    booking = make_booking()
    with as_owner():
        InboxEmail.objects.exclude(template="booking_received").delete()
        return InboxEmail.objects.select_related("booking").get(booking=booking)
