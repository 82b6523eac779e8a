"""Clients of the staff pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bookings.tests.factories import make_desk, make_manager, make_user
from exodrive.models import User


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
