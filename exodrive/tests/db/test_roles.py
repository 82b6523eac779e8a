"""Roles and database from an administrator's connection."""

import psycopg
import pytest
from django.core.management import CommandError, call_command

from exodrive.db import roles

PASSWORDS = {"exo_owner": "o" * 20, "exo_app": "a/b@c:d?e f", "exo_public_login": "p" * 20}
MAY_BECOME = """
SELECT r.rolname, m.rolname, inherit_option FROM pg_auth_members
JOIN pg_roles r ON r.oid = roleid JOIN pg_roles m ON m.oid = member
WHERE m.rolname LIKE 'exo\\_%' ORDER BY 2, 1
"""


def administrator(server: str) -> str:
    """The URL of a new login with CREATEROLE and CREATEDB, as managed servers give it."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE ROLE admin LOGIN CREATEROLE CREATEDB PASSWORD 'admin'")
    return roles.url_for(server, login="admin", password="admin", database="postgres")


@pytest.mark.parametrize("superuser", [True, False])
def test_bootstrap_makes_everything_once(bare: str, superuser: bool) -> None:
    admin = bare if superuser else administrator(bare)
    first = roles.bootstrap(admin, database="rentals", passwords=PASSWORDS)
    assert [line for line in first if not line.startswith("exo")] == [
        "role exo_public",
        "role exo_staff",
        "role exo_service",
        "login exo_owner",
        "login exo_app",
        "login exo_public_login",
        "database rentals",
    ]
    assert roles.bootstrap(admin, database="rentals", passwords=PASSWORDS) == []
    with psycopg.connect(bare) as connection:
        assert connection.execute(MAY_BECOME).fetchall() == [
            ("exo_public", "exo_app", False),
            ("exo_service", "exo_app", False),
            ("exo_staff", "exo_app", False),
            ("exo_app", "exo_owner", False),
            ("exo_public", "exo_owner", True),
            ("exo_service", "exo_owner", True),
            ("exo_staff", "exo_owner", True),
            ("exo_public", "exo_public_login", False),
        ]


def test_logins_work_and_can_do_what_they_are_for(bare: str) -> None:
    roles.bootstrap(bare, database="rentals", passwords=PASSWORDS)
    urls = {
        login: roles.url_for(bare, login=login, password=password, database="rentals")
        for login, password in PASSWORDS.items()
    }
    with psycopg.connect(urls["exo_owner"]) as owner:
        owner.execute("CREATE TABLE cars (id int)")
        owner.execute("GRANT SELECT ON cars TO exo_staff")
    with psycopg.connect(urls["exo_app"], autocommit=True) as app:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("SELECT * FROM cars")
        app.execute("SET ROLE exo_staff")
        assert app.execute("SELECT * FROM cars").fetchall() == []
    with (
        psycopg.connect(urls["exo_public_login"]) as public,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        public.execute("SET ROLE exo_staff")


def test_an_existing_database_changes_hands(bare: str) -> None:
    with psycopg.connect(bare, autocommit=True) as connection:
        connection.execute("CREATE DATABASE rentals")
    assert (
        roles.bootstrap(bare, database="rentals", passwords=PASSWORDS)[-1]
        == "database rentals now belongs to exo_owner"
    )


def test_a_database_that_is_open_to_everybody_is_closed(bare: str) -> None:
    roles.bootstrap(bare, database="rentals", passwords=PASSWORDS)
    with psycopg.connect(bare, autocommit=True) as connection:
        connection.execute("GRANT CONNECT, TEMPORARY ON DATABASE rentals TO PUBLIC")
    closed = ["database rentals is closed to everybody else"]
    assert roles.bootstrap(bare, database="rentals", passwords=PASSWORDS) == closed
    assert roles.bootstrap(bare, database="rentals", passwords=PASSWORDS) == []


def test_a_new_login_needs_a_password(bare: str) -> None:
    with pytest.raises(roles.BootstrapError, match="exo_owner does not exist yet and needs a password"):
        roles.bootstrap(bare, database="rentals", passwords={})


def test_known_logins_keep_their_passwords(bare: str) -> None:
    roles.bootstrap(bare, database="rentals", passwords=PASSWORDS)
    assert roles.bootstrap(bare, database="rentals", passwords={}) == []
    url = roles.url_for(bare, login="exo_app", password=PASSWORDS["exo_app"], database="rentals")
    with psycopg.connect(url) as app:
        assert app.execute("SELECT current_user").fetchall() == [("exo_app",)]


def test_roles_past_every_policy_are_refused(bare: str) -> None:
    with psycopg.connect(bare, autocommit=True) as connection:
        connection.execute("CREATE ROLE exo_staff BYPASSRLS")
    with pytest.raises(roles.BootstrapError, match=r"must not: exo_staff\."):
        roles.bootstrap(bare, database="rentals", passwords=PASSWORDS)


def test_the_command_reads_the_environment(
    bare: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_ADMIN_URL", bare)
    monkeypatch.setenv("EXO_OWNER_PASSWORD", "one")
    monkeypatch.setenv("EXO_APP_PASSWORD", "two")
    call_command("bootstrap_roles")
    assert capsys.readouterr().out.splitlines()[-1] == "database exodrive"
    call_command("bootstrap_roles")
    assert capsys.readouterr().out == "Everything was there already.\n"


def test_the_command_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_ADMIN_URL", raising=False)
    with pytest.raises(CommandError, match="Set DATABASE_ADMIN_URL"):
        call_command("bootstrap_roles")
