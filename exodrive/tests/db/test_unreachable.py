"""A database that cannot be reached is a sentence that says what to correct, never a traceback and never a password."""

import os
import subprocess
import sys
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection

from exodrive.db import logins, unreachable
from exodrive.db.unreachable import in_words, refuses_for_good

TO = {"HOST": "db.example", "PORT": 5432, "USER": "exo_app", "NAME": "exodrive", "PASSWORD": "tiger-77"}
SAID = {
    'FATAL:  password authentication failed for user "exo_app"': "does not accept this password of exo_app",
    "fe_sendauth: no password supplied": "does not accept this password of exo_app: correct DATABASE_URL",
    'FATAL:  role "exo_app" does not exist': "has no login exo_app: run bootstrap_roles, or correct DATABASE_URL",
    'FATAL:  database "exodrive" does not exist': "has no database exodrive: run bootstrap_roles",
    'FATAL:  no pg_hba.conf entry for host "10.0.0.1"': "does not let exo_app into exodrive from here",
    "could not translate host name": "There is no machine db.example: correct DATABASE_URL.",
    "Connection refused\n\tIs the server running?": "No PostgreSQL answers at db.example:5432: start it, or correct",
    "something else": "cannot be reached (DATABASE_URL): something else",
    "": "cannot be reached (DATABASE_URL): no answer",
}


@pytest.mark.parametrize(("said", "words"), SAID.items())
def test_it_is_said_in_one_sentence_without_the_password(said: str, words: str) -> None:
    found = in_words(psycopg.OperationalError(said), TO, "DATABASE_URL")
    assert words in found
    assert "\n" not in found
    assert "tiger-77" not in found


def test_a_server_that_is_away_may_come_back_and_a_wrong_password_does_not() -> None:
    assert [refuses_for_good(psycopg.OperationalError(said)) for said in SAID] == [True] * 4 + [False] * 5


def wrong(url: str) -> str:
    """The same login with another password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{parts.username}:no@{parts.netloc.rpartition('@')[2]}"))


def own_url() -> str:
    given = connection.settings_dict
    return f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"


@pytest.mark.django_db
def test_commands_end_with_that_sentence() -> None:
    """Of the owner and of the application, which asks through a pool."""
    for name, variable in (("migrate", "DATABASE_OWNER_URL"), ("check_ledger", "DATABASE_URL")):
        url = wrong(own_url())
        environment = {**os.environ, "DATABASE_URL": f"{url}?sslmode=disable", "DATABASE_OWNER_URL": url}
        done = subprocess.run(
            [sys.executable, "manage.py", name],
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1].startswith("Error: PostgreSQL at 127.0.0.1:")
        assert f"correct {variable}" in done.stderr.splitlines()[-1]
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"])
def test_a_url_that_is_empty_is_named(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env={**os.environ, name: " "},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr.strip()) == (
        1,
        f"Error: {name} is set to nothing. Give it a URL, or do not set it at all.",
    )


@pytest.mark.django_db
def test_bootstrap_roles_says_so_of_its_own_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_ADMIN_URL", wrong(own_url()))
    with pytest.raises(
        CommandError, match=r"does not accept this password of exo_owner: correct DATABASE_ADMIN_URL"
    ):
        call_command("bootstrap_roles")


@pytest.mark.django_db
def test_nobody_serves_with_a_wrong_password(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """It would answer 503 for ever: the process does not start."""
    settings.PRODUCTION = True

    def refused() -> None:
        raise psycopg.OperationalError('FATAL:  password authentication failed for user "exo_app"')

    monkeypatch.setattr(logins, "_asked_apart", refused)
    with pytest.raises(ImproperlyConfigured, match="correct DATABASE_URL"):
        logins.refuse_unsafe_login(public_may=True)


@pytest.mark.django_db
def test_why_is_nothing_when_it_can_be_reached() -> None:
    assert unreachable.why("DATABASE_URL") == ""
    assert unreachable.why_at(own_url(), "DATABASE_OWNER_URL") == ""
    assert "correct X" in unreachable.why_at(wrong(own_url()), "X")
