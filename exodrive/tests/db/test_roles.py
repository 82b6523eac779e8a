"""Roles and database from an administrator's connection."""

import re
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from psycopg.conninfo import conninfo_to_dict

from exodrive.db import roles
from exodrive.ops import backups

PASSWORDS = {"exo_owner": "o" * 20, "exo_app": "a/b@c:d?e f", "exo_public_login": "p" * 20}
CLOSES = ["N functions of the server are closed to everybody else"]
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
    assert [re.sub(r"^\d+", "N", line) for line in first if not line.startswith("exo")] == [
        "role exo_public",
        "role exo_staff",
        "role exo_service",
        "login exo_owner",
        "login exo_app",
        "login exo_public_login",
        "database rentals",
        *(CLOSES if superuser else []),
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
    done = roles.bootstrap(bare, database="rentals", passwords=PASSWORDS)
    assert "database rentals now belongs to exo_owner" in done


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
    assert "database exodrive" in capsys.readouterr().out.splitlines()
    call_command("bootstrap_roles")
    assert capsys.readouterr().out == "Everything was there already.\n"


def test_the_command_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_ADMIN_URL", raising=False)
    with pytest.raises(CommandError, match="Set DATABASE_ADMIN_URL"):
        call_command("bootstrap_roles")


# --- What PostgreSQL leaves open to everybody ------------------------------------------------------------------------

SESSIONS = "SELECT query FROM pg_stat_activity WHERE usename = 'exo_public_login'"
FORBIDDEN = [
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT lo_creat(-1)",
    "SELECT lo_create(0)",
    "SELECT lo_open(1, 131072)",
    "SELECT lo_put(1, 0, 'x')",
    "SELECT lo_get(1)",
    "SELECT lo_unlink(1)",
    "SELECT lowrite(0, 'x')",
    "SELECT loread(0, 1)",
    "SELECT pg_advisory_lock(7, 1)",
    "SELECT pg_try_advisory_lock_shared(7)",
    "SELECT pg_terminate_backend(1)",
    "SELECT pg_cancel_backend(1)",
    "SELECT pg_notify('x', 'y')",
    "SELECT pg_logical_emit_message(false, 'x', 'y')",
    SESSIONS,
    "SET temp_file_limit = -1",
]


def public_login(bare: str) -> psycopg.Connection:
    url = roles.url_for(bare, login="exo_public_login", password="p" * 20, database="rentals")
    return psycopg.connect(url, autocommit=True)


def test_the_public_login_calls_nothing_that_stays_or_that_reaches_others(bare: str) -> None:
    roles.bootstrap(bare, database="rentals", passwords=PASSWORDS)
    assert roles.left_open(bare, database="rentals") == []
    with public_login(bare) as public:
        for role in ("none", "exo_public"):
            public.execute(f"SET ROLE {role}")
            for statement in FORBIDDEN:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    public.execute(statement)
        # What the site itself asks on every connection of the pool and for every claim.
        public.execute("SELECT pg_advisory_unlock_all(), pg_advisory_xact_lock(7, 1)")
        assert public.execute("SHOW temp_file_limit").fetchone() == ("1GB",)


def test_the_owner_and_who_watches_the_server_keep_them(bare: str) -> None:
    roles.bootstrap(bare, database="rentals", passwords=PASSWORDS)
    watches = "SELECT has_function_privilege('pg_monitor', 'pg_stat_get_activity(int)', 'EXECUTE')"
    with psycopg.connect(owner_url(bare)) as owner:
        owner.execute("SELECT pg_advisory_lock(1), lo_create(0)")
        assert owner.execute(watches).fetchone() == (True,)


def owner_url(bare: str) -> str:
    return roles.url_for(bare, login="exo_owner", password=PASSWORDS["exo_owner"], database="rentals")


def test_a_backup_of_such_a_database_comes_back_into_it(
    bare: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner may not set rights on the server's functions: pg_restore would end there."""
    roles.bootstrap(bare, database="rentals", passwords=PASSWORDS)
    with psycopg.connect(bare, dbname="rentals") as connection:  # as somebody does by hand
        connection.execute("REVOKE ALL ON FUNCTION pg_catalog.lo_create(oid) FROM exo_owner")
    with psycopg.connect(owner_url(bare)) as owner:
        owner.execute("CREATE TABLE django_migrations (app text, name text)")
        owner.execute("INSERT INTO django_migrations VALUES ('cars', '0001')")
    monkeypatch.setattr(backups, "_own_connection", lambda: conninfo_to_dict(owner_url(bare)))
    file = tmp_path / "rentals.dump"
    manifest = backups.back_up(file, at=timezone.now(), release="one")
    backups.restore(file, manifest=manifest, empty_first=True)
    assert roles.left_open(bare, database="rentals") == []


def test_what_an_administrator_cannot_close_is_said(
    bare: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The negative control, too: one visitor's values are read by another session of the login."""
    admin = administrator(bare)
    monkeypatch.setenv("DATABASE_ADMIN_URL", admin)
    for login, variable in (("exo_owner", "OWNER"), ("exo_app", "APP"), ("exo_public_login", "PUBLIC_LOGIN")):
        monkeypatch.setenv(f"EXO_{variable}_PASSWORD", PASSWORDS[login])
    call_command("bootstrap_roles", database="rentals")
    said = capsys.readouterr().err
    assert "not a superuser" in said
    assert "lo_from_bytea(oid,bytea)" in said
    with public_login(bare) as victim, public_login(bare) as thief:
        victim.execute("SELECT 'a secret token'")
        assert ("SELECT 'a secret token'",) in thief.execute(SESSIONS).fetchall()
