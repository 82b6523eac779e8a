"""In production a process refuses to serve with a database login that policies do not bind."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.backends.signals import connection_created

from exodrive.db import logins, roles
from exodrive.tests.conftest import emptied
from exodrive.tests.support.logins import PUBLIC_LOGIN, logged_in

PASSWORDS = {"exo_owner": "one", "exo_app": "two", "exo_public_login": "three"}


@pytest.fixture(scope="module")
def rentals(server: str) -> str:
    """A bootstrapped database with one table of the owner's; the superuser's URL."""
    bare = emptied(server)
    roles.bootstrap(bare, database="rentals", passwords=PASSWORDS)
    with psycopg.connect(url(bare, "exo_owner")) as owner:
        owner.execute("CREATE TABLE cars (id int)")
    return bare.rpartition("/")[0] + "/rentals"


def url(server: str, login: str) -> str:
    """Of one of our logins to the database."""
    return roles.url_for(server, login=login, password=PASSWORDS[login], database="rentals")


def codes(address: str, *, public_may: bool = True) -> list[int]:
    """The numbers of what is wrong with a login."""
    with psycopg.connect(address) as raw:
        found = logins.problems(logins.Login.of(raw), public_may=public_may)
        return sorted({int(message.id.removeprefix("exodrive.E")) for message in found})


def test_each_login_is_fit_for_what_it_is_for(rentals: str) -> None:
    assert codes(url(rentals, "exo_app")) == codes(url(rentals, "exo_app"), public_may=False) == []
    assert codes(url(rentals, "exo_public_login")) == []
    assert codes(url(rentals, "exo_public_login"), public_may=False) == [14]
    assert codes(url(rentals, "exo_owner")) == [11, 12, 13, 15]
    assert {10, 15} <= set(codes(rentals))


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("ALTER ROLE exo_app SUPERUSER", 10),
        ("ALTER ROLE exo_app BYPASSRLS", 10),
        ("ALTER ROLE exo_app CREATEROLE", 10),
        ("ALTER ROLE exo_app REPLICATION", 10),
        ("ALTER ROLE exo_staff BYPASSRLS", 10),
        ("ALTER TABLE cars OWNER TO exo_app", 11),
        ("ALTER TABLE cars OWNER TO exo_service", 11),
        ("GRANT pg_read_all_data TO exo_app", 12),
        ("GRANT exo_staff TO exo_app WITH INHERIT TRUE", 13),
        ("REVOKE exo_service FROM exo_app", 14),
        ("GRANT exo_service TO exo_app WITH SET FALSE", 14),
        ("GRANT TEMPORARY ON DATABASE rentals TO exo_app", 15),
        ("GRANT CREATE ON SCHEMA public TO exo_app", 15),
    ],
)
def test_each_way_past_the_policies_is_seen(rentals: str, statement: str, code: int) -> None:
    with psycopg.connect(rentals) as admin:
        admin.execute(statement)
        admin.execute("SET SESSION AUTHORIZATION exo_app")
        found = logins.problems(logins.Login.of(admin), public_may=True)
        assert f"exodrive.E{code:03}" in {message.id for message in found}
        admin.rollback()


def test_the_message_says_what_to_run(rentals: str) -> None:
    with psycopg.connect(url(rentals, "exo_public_login")) as raw:
        (message,) = logins.problems(logins.Login.of(raw), public_may=False)
    assert message.msg == (
        "Production: the database login exo_public_login cannot become exo_service, exo_staff."
        " Run `manage.py bootstrap_roles`, and set DATABASE_URL to the login exo_app."
    )


def away() -> logins.Login:
    """A database that does not answer yet."""
    raise psycopg.OperationalError("away")


PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "s" * 50,
    "LINK_KEY": "l" * 50,
    "ALLOWED_HOSTS": "rent.example",
    "SITE_URL": "https://rent.example",
    "EMAIL_BACKEND": "anymail.backends.resend.EmailBackend",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
CELERY = [sys.executable, "-m", "celery", "--quiet", "--app", "exodrive"]
PROCESSES = {
    "web": ([sys.executable, "-c", "import exodrive.wsgi"], "exo_owner", "exodrive.E011"),
    "worker": ([*CELERY, "worker", "--concurrency", "1"], "exo_public_login", "exodrive.E014"),
    "beat": (
        [*CELERY, "beat", "--pidfile=", "--schedule={folder}/schedule"],
        "exo_public_login",
        "exodrive.E014",
    ),
}


@pytest.mark.parametrize("name", PROCESSES)
def test_no_process_starts_with_an_unfit_login(rentals: str, name: str, tmp_path: Path) -> None:
    command, login, code = PROCESSES[name]
    done = subprocess.run(
        [word.format(folder=tmp_path) for word in command],
        env={**os.environ, **PRODUCTION, "DATABASE_URL": url(rentals, login)},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, code in done.stderr) == (1, True)


@pytest.mark.django_db(transaction=True)
class TestWithTheDatabase:
    """`connection` is the owner's here, which is the login to refuse."""

    def test_an_unfit_login_is_refused_at_start(self, settings) -> None:
        settings.PRODUCTION = True
        with pytest.raises(ImproperlyConfigured, match="E011"):
            logins.refuse_unsafe_login(public_may=True)

    def test_the_public_login_may_serve_the_public_site(self, settings) -> None:
        settings.PRODUCTION = True
        with logged_in(PUBLIC_LOGIN):
            logins.refuse_unsafe_login(public_may=True)
            with pytest.raises(ImproperlyConfigured, match="E014"):
                logins.refuse_unsafe_login(public_may=False)

    def test_development_may_log_in_as_it_likes(self, settings) -> None:
        settings.PRODUCTION = False
        logins.refuse_unsafe_login(public_may=True)

    def test_the_check_command_reports_it(self, settings) -> None:
        settings.PRODUCTION, settings.AS_OWNER = True, False
        found = logins.database_login_is_safe(databases=["default"])
        assert "exodrive.E011" in {message.id for message in found}
        settings.AS_OWNER = True
        assert logins.database_login_is_safe(databases=["default"]) == []

    def test_with_the_database_away_the_first_connection_is_refused(self, settings, monkeypatch) -> None:
        settings.PRODUCTION = True
        monkeypatch.setattr(logins, "_asked_apart", away)
        logins.refuse_unsafe_login(public_may=True)
        try:
            for _ in range(2):
                connection.close()
                with pytest.raises(ImproperlyConfigured, match="E011"):
                    connection.ensure_connection()
                assert connection.connection is None
        finally:
            connection_created.disconnect(dispatch_uid="exodrive.login")

    def test_with_the_database_away_a_fit_login_is_asked_once(self, settings, monkeypatch) -> None:
        settings.PRODUCTION = True
        monkeypatch.setattr(logins, "_asked_apart", away)
        logins.refuse_unsafe_login(public_may=True)
        monkeypatch.undo()
        with logged_in(PUBLIC_LOGIN):
            connection.ensure_connection()
        assert connection_created.disconnect(dispatch_uid="exodrive.login") is False
