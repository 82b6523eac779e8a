"""Running as a real login of PostgreSQL, the way a process in production does."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection

APP = "DATABASE_URL"
PUBLIC_LOGIN = "DATABASE_PUBLIC_URL"


def credentials(variable: str) -> dict[str, str]:
    """User and password in a URL of the environment; skips where a server of one's own has no such login."""
    if not os.environ.get(variable):
        pytest.skip(f"{variable} is not set")
    parts = urlsplit(os.environ[variable])
    return {"USER": unquote(parts.username or ""), "PASSWORD": unquote(parts.password or "")}


@contextmanager
def logged_in(variable: str) -> Iterator[None]:
    """Run the block on a new connection of that login, without the identities that tests add.

    Only for transactional tests: rows of an open test transaction would not be seen.
    """
    kept = dict(connection.settings_dict)
    testing, settings.TESTING = settings.TESTING, False
    connection.close()
    connection.settings_dict.update(credentials(variable))
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(kept)
        settings.TESTING = testing


@contextmanager
def raw(variable: str) -> Iterator[psycopg.Connection[Any]]:
    """A plain connection of that login to the test database, in autocommit."""
    parameters = connection.get_connection_params()
    login = credentials(variable)
    parameters |= {"user": login["USER"], "password": login["PASSWORD"], "cursor_factory": psycopg.Cursor}
    parameters.pop("context", None)
    with psycopg.connect(**parameters, autocommit=True) as opened:
        yield opened
