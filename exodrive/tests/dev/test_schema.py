"""A new embedded database begins with a snapshot of the schema, which is what the migrations make and nothing else."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from conftest import KEPT_TABLES
from exodrive.db.access import apply
from exodrive.dev import schema
from exodrive.dev.embedded import postgres, prepare
from exodrive.rls import as_owner

ROWS = [f"--table={name}" for name in KEPT_TABLES]
PG_DUMP = postgres.binaries() / "pg_dump"


@pytest.fixture
def empty(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[[], str]]:
    """A function that makes a database without a table, puts Django there, and returns its URL."""
    ours = connection.settings_dict["NAME"]
    name = f"{ours}_empty"
    with (
        psycopg.connect(url_of("postgres"), autocommit=True) as server,
        django_db_blocker.unblock(),
        as_owner(),
    ):

        def make() -> str:
            connection.close()
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
            connection.settings_dict["NAME"] = name
            return url_of(name)

        try:
            yield make
        finally:
            connection.close()
            connection.settings_dict["NAME"] = ours
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def url_of(name: str) -> str:
    """Of a database of the tests' server, as its owner."""
    at = connection.settings_dict
    netloc = f"{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}"
    return urlunsplit(("postgres", netloc, f"/{name}", "", ""))


def read_again(make: Callable[[], str], text: str, *options: str) -> str:
    """PostgreSQL writes some expressions otherwise once it has read its own text."""
    url = make()
    schema.fill(text)
    return schema.dump(PG_DUMP, url, *options)


def test_it_makes_what_the_migrations_make(empty: Callable[[], str]) -> None:
    """The tests' own database ran every migration. Whoever changes one that has landed runs `make schema`."""
    migrated = url_of(connection.settings_dict["NAME"])
    url = empty()
    assert schema.load(), "snapshot.sql is not of these migrations any more: make schema"
    prepare.migrate()
    assert apply() == []
    made = [schema.dump(PG_DUMP, at, "--schema-only") for at in (url, migrated)]
    rows = [schema.dump(PG_DUMP, at, "--data-only", *ROWS) for at in (url, migrated)]
    first, second = (read_again(empty, text, "--schema-only").splitlines() for text in made)
    assert first == second
    assert without_counters(rows[0]) == without_counters(rows[1])


def without_counters(rows: str) -> list[str]:
    """Other tests take migrations back and run them again, so the next number of a row is a matter of their order."""
    return [line for line in rows.splitlines() if "pg_catalog.setval(" not in line]


def test_a_moment_is_forgotten_of_rows_and_kept_in_the_schema(empty: Callable[[], str]) -> None:
    url = empty()
    moment, number = "2019-06-05 10:00:00+00", "5335cf13-1601-4f4a-b84e-0b9a671f75c5"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE kept (at timestamptz CHECK (at >= '{moment}'), who uuid DEFAULT '{number}');"
            f"INSERT INTO kept VALUES ('{moment}', '{number}')"
        )
    made, rows = (schema.dump(PG_DUMP, url, only) for only in ("--schema-only", "--data-only"))
    assert (made.count(moment), made.count(number)) == (1, 1)
    assert "(now(), gen_random_uuid())" in rows


@pytest.mark.usefixtures("only_in_soak")
def test_its_rows_are_those_of_the_migrations(empty: Callable[[], str]) -> None:
    """All of them: other tests empty most tables of their own database."""
    url = empty()
    call_command("migrate", interactive=False, verbosity=0)
    wanted = schema.dump(PG_DUMP, url, "--data-only")
    url = empty()
    assert schema.load()
    prepare.migrate()
    assert schema.dump(PG_DUMP, url, "--data-only").splitlines() == wanted.splitlines()


@pytest.mark.parametrize("change", ["another major version", "another migration", "no file"])
def test_what_is_not_of_this_release_is_left_alone(
    empty: Callable[[], str], change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = schema.FILE.read_text()
    if change == "another major version":
        text = text.replace(f"PostgreSQL {postgres.MAJOR},", "PostgreSQL 19,", 1)
    elif change == "another migration":
        monkeypatch.setattr(schema, "digest", lambda names: "0" * 64)
    monkeypatch.setattr(schema, "FILE", tmp_path / "snapshot.sql")
    if change != "no file":
        schema.FILE.write_text(text)
    empty()
    assert not schema.load()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_a_database_with_tables_is_left_alone() -> None:
    with as_owner():
        assert not schema.load()


def test_a_migration_that_was_altered_is_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [("exodrive", "0001_initial"), ("cars", "0001_initial")]
    before = schema.digest(names)
    assert before
    assert schema.digest(list(reversed(names))) == before
    real = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: real(path) + b" ")
    assert schema.digest(names) != before
    assert schema.digest([*names, ("cars", "9999_of_another_release")]) == ""
    assert settings.BASE_DIR in schema.FILE.parents
