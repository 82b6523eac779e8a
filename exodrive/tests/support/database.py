"""The test database: migrated once for a state of the code, and copied from there by every worker of every run."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases
from psycopg import sql

from exodrive.db.roles import close_to_others
from exodrive.rls import as_owner

TEMPLATE = "test_template"
LOCK = "SELECT pg_advisory_lock(hashtext('test_template'))"
SOURCES = ("exodrive", "bookings", "cars", "inbox")
# A TRUNCATE makes anew the files of each table and of each of its indexes, however few rows there were. So it is for those
# who left many: dead rows would slow down, and mislead, the tests that come after. The lock waits for stragglers.
EMPTY = """
DO $$
DECLARE
    one regclass;
    filled boolean;
    large boolean := false;
    left_over regclass[] := '{{}}';
    watched text[];
    each text;
BEGIN
    LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE;
    FOREACH one IN ARRAY '{{{tables}}}'::regclass[] LOOP
        CONTINUE WHEN pg_relation_size(one) = 0;
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', one) INTO filled;
        large := large OR pg_relation_size(one) > {large};
        IF filled THEN left_over := left_over || one; END IF;
    END LOOP;
    IF large THEN
        TRUNCATE {tables};
        RETURN;
    END IF;
    SELECT coalesce(array_agg(format('TABLE %s %%s TRIGGER %I', tgrelid::regclass, tgname)), '{{}}') INTO watched
        FROM pg_trigger WHERE tgrelid = ANY (left_over) AND NOT tgisinternal AND tgtype & 8 > 0
        AND tgfoid <> 'renew_catalogue_version'::regproc;
    FOREACH each IN ARRAY watched LOOP EXECUTE 'ALTER ' || format(each, 'DISABLE'); END LOOP;
    SET CONSTRAINTS ALL DEFERRED;
    -- A reference that cannot wait for the end goes before what it is to.
    FOR one IN
        SELECT filled_one FROM unnest(left_over) filled_one
        ORDER BY EXISTS (
            SELECT FROM pg_constraint WHERE conrelid = filled_one AND contype = 'f' AND NOT condeferrable
        ) DESC
    LOOP EXECUTE format('DELETE FROM %s', one); END LOOP;
    SET CONSTRAINTS ALL IMMEDIATE;
    FOREACH each IN ARRAY watched LOOP EXECUTE 'ALTER ' || format(each, 'ENABLE'); END LOOP;
END $$
"""
LARGE = 512 * 1024  # bytes: hundreds of rows, a few pages of dead ones


@contextmanager
def test_database(name: str) -> Iterator[None]:
    """A database `name`, as `migrate` and `bootstrap_roles` leave one, for Django to use; dropped at the end."""
    with _owner() as cursor:
        cursor.execute(LOCK)  # held until the connection closes
        if _digest_of_template(cursor) != (digest := digest_of_sources()):
            _make_template(cursor, digest)
        drop(cursor, name)
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    _use(name)
    with as_owner(), connection.cursor() as cursor:
        close_to_others(cursor, name)
    yield
    connection.close()
    with _owner() as cursor:
        drop(cursor, name)


def drop(cursor: Any, name: str) -> None:
    """Drop a database, with whoever is still connected to it."""
    try:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    except psycopg.errors.InsufficientPrivilege:
        # An owner may not end autovacuum, which is the superuser's; without FORCE the server does that by itself.
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")


def empty(cursor: Any, tables: Iterable[str]) -> None:
    """Delete all rows as the owner, past every trigger but those that make a new catalogue of what processes keep.

    Ids go on: a lock in Redis that a slow test left behind must not meet the next test's car.
    """
    cursor.execute(EMPTY.format(tables=", ".join(sorted(tables)), large=LARGE))


def digest_of_sources() -> str:
    """Of everything that can decide what a migrated database looks like: our code without its tests, and what it needs."""
    root = Path(settings.BASE_DIR)
    found = [
        path for source in SOURCES for path in (root / source).rglob("*") if path.suffix in {".py", ".sql"}
    ]
    known = hashlib.sha256()
    for path in [*sorted(found), root / "requirements.txt"]:
        name = path.relative_to(root)
        if "tests" not in name.parts:
            known.update(f"{name}\n".encode() + path.read_bytes())
    return known.hexdigest()


@contextmanager
def _owner() -> Iterator[Any]:
    """The owner's cursor in the database that no test uses."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as link:
        yield link.cursor()


def _digest_of_template(cursor: Any) -> str | None:
    cursor.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [TEMPLATE]
    )
    return next((row[0] for row in cursor), None)


def _make_template(cursor: Any, digest: str) -> None:
    drop(cursor, TEMPLATE)
    connection.settings_dict["TEST"]["NAME"] = TEMPLATE
    with as_owner():
        setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
    connection.close()
    # Said last: a template that was interrupted half-way has none.
    cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(TEMPLATE), digest))


def _use(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
