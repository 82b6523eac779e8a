"""Every table, as every reader, by raw SQL without a filter: exactly the rows of the table in `isolation.py`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import JSONField
from psycopg.types.json import Jsonb

from exodrive.rls import as_owner
from exodrive.tests.support.isolation import COLUMNS, DEFINERS, READERS, TABLES, TRIGGERS
from exodrive.tests.support.isolation_world import ROLE, Row, World
from exodrive.tests.support.logins import PUBLIC_LOGIN, logged_in

OURS = {"exodrive", "cars", "bookings", "inbox"}


# --- Trying ---------------------------------------------------------------------------------------------------------


@contextmanager
def taken_back() -> Iterator[None]:
    """What the block does is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def attempt(sql: str, values: Any = ()) -> Any:
    """Rows, or how many were touched; "-" without a grant, "0" when a policy refused the row, "through" for any other
    error: that came after the walls.
    """
    try:
        with taken_back(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else cursor.rowcount
    except DatabaseError as error:
        if "permission denied for" in str(error):
            return "-"
        return "0" if "violates row-level security" in str(error) else "through"


def key_of(table: str) -> list[str]:
    """What tells rows apart, of what everybody who reads the table may read."""
    if table == "car_availability":
        return ["car_id", "date"]
    return [model_of(table)._meta.pk.column]


def model_of(table: str) -> Any:
    return next(m for m in apps.get_models() if m._meta.db_table == table)


def tell(table: str, rows: list[Row]) -> list[str]:
    return sorted(str([row[name] for name in key_of(table)]) for row in rows)


def read(world: World, table: str) -> Any:
    found = attempt(f"SELECT {', '.join(key_of(table))} FROM {table}")
    return found if isinstance(found, str) else sorted(str(list(row)) for row in found)


def inserted(world: World, table: str) -> Any:
    """Owners of the rows of which a copy passes."""
    passed, outcomes = [], set()
    for row in world.rows_of(table):
        copy = dict(row)
        if table in ("bookings", "holds", "users"):
            copy["id"] = {"users": 10**9}.get(table, "00000000-0000-4000-8000-000000000000")
        # What the database makes of the others cannot be given.
        fields = [field for field in model_of(table)._meta.concrete_fields if not field.generated]
        columns = [field.column for field in fields]
        holes = ", ".join("%s" for _ in columns)
        values = [plain(field, copy[field.column]) for field in fields]
        outcome = attempt(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({holes})", values)
        outcomes.add(outcome)
        if outcome not in ("-", "0"):
            passed.append(row)
    if passed:
        return tell(table, passed)
    return outcomes.pop() if len(outcomes) == 1 else outcomes


def plain(field: Any, value: Any) -> Any:
    return Jsonb(value) if isinstance(field, JSONField) and isinstance(value, dict | list) else value


def updated(world: World, table: str, role: str) -> Any:
    """How many rows a change without a filter reaches."""
    allowed = sorted(COLUMNS.get((role, table, "UPDATE"), {"updated_at"}))
    free = [name for name in allowed if name != "expires_at"]  # which of a seat says whether it is held
    column = next((name for name in free if name.endswith(("_at", "_days", "location_id"))), free[0])
    value = world.rows_of(table)[0][column]
    return attempt(f"UPDATE {table} SET {column} = %s", [value])


def said(world: World, table: str, word: str, *, counted: bool) -> Any:
    """What an attempt answers when the table's word holds."""
    if word == "-":
        return "-"
    rows = world.meant(table, word)
    return len(rows) if counted else tell(table, rows)


def differences(world: World, readers: tuple[str, ...]) -> list[Any]:
    """Every attempt whose outcome is not what the table says."""
    wrong = []
    for name in readers:
        for table in TABLES:
            words = dict(
                zip(("read", "insert", "update", "delete"), TABLES[table][name].split(), strict=True)
            )
            role = {"none": "exo_app"}.get(ROLE[name], ROLE[name])
            with world.reader(name):
                found = {
                    "read": read(world, table),
                    "insert": inserted(world, table),
                    "update": updated(world, table, role),
                    "delete": attempt(f"DELETE FROM {table}"),
                }
            for act, word in words.items():
                expected = said(world, table, word, counted=act in ("update", "delete"))
                if act == "insert" and word == "0":
                    expected = "0"
                if (found[act], word) == ("through", "*"):
                    continue  # the walls let it pass; a foreign key or a trigger stood behind them
                if found[act] != expected:
                    wrong.append((table, name, act, word, found[act]))
    return wrong


# --- The proofs ------------------------------------------------------------------------------------------------------


@pytest.fixture
def world(transactional_db: None) -> World:
    """Committed: what a transaction has written itself is its own."""
    return World()


def test_every_table_has_a_line_and_a_row(world: World) -> None:
    ours = {m._meta.db_table for m in apps.get_models() if m._meta.app_label in OURS}
    assert ours == set(TABLES), (
        "add a line for each new table to TABLES in exodrive/tests/support/isolation.py"
    )
    empty = sorted(table for table in TABLES if not world.rows[table])
    assert empty == [], "add a row for each of these to World in exodrive/tests/support/isolation_world.py"


def test_every_reader_reads_and_writes_what_the_table_says(world: World) -> None:
    assert differences(world, READERS) == []


def test_the_public_login_reads_and_writes_what_the_table_says(world: World) -> None:
    with logged_in(PUBLIC_LOGIN):
        assert differences(world, ("public", "booking", "hold")) == []


def test_joins_bring_nothing_more(world: World) -> None:
    """Each table with each table that it points to: the rows whose both ends are visible."""
    wrong = []
    for name in READERS:
        for table in TABLES:
            for field in model_of(table)._meta.concrete_fields:
                other = field.related_model._meta.db_table if field.is_relation else ""
                if other not in TABLES:
                    continue
                wanted = joined(world, name, table, field.column, other)
                keys = ", ".join(f"t.{column}" for column in key_of(table))
                target = f"o.{model_of(other)._meta.pk.column}"
                sql = f"SELECT {keys} FROM {table} t JOIN {other} o ON t.{field.column} = {target}"
                with world.reader(name):
                    found = attempt(sql)
                found = found if isinstance(found, str) else sorted(str(list(row)) for row in found)
                if found != wanted and not unreadable(name, table, field.column):
                    wrong.append((name, sql, found, wanted))
    assert wrong == []


def joined(world: World, name: str, table: str, column: str, other: str) -> Any:
    here, there = TABLES[table][name].split()[0], TABLES[other][name].split()[0]
    if "-" in (here, there):
        return "-"
    pk = model_of(other)._meta.pk.column
    seen = {row[pk] for row in world.meant(other, there)}
    return tell(table, [row for row in world.meant(table, here) if row[column] in seen])


def unreadable(name: str, table: str, column: str) -> bool:
    """Whether the reader may not read this very column, which is a refusal of its own."""
    columns = COLUMNS.get((ROLE[name], table, "SELECT"))
    return columns is not None and column not in columns


def test_without_policies_the_same_reader_would_see_more(world: World) -> None:
    """The negative control: the proof above notices one table whose policies are off."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE bookings DISABLE ROW LEVEL SECURITY")
    try:
        wrong = differences(world, ("public",))
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE bookings ENABLE ROW LEVEL SECURITY")
    assert {(table, act) for table, _name, act, _word, _found in wrong} >= {
        ("bookings", "read"),
        ("bookings", "update"),
    }
    assert differences(world, ("public",)) == []


@pytest.mark.django_db
def test_grants_for_some_columns_are_the_listed_ones() -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT grantee, table_name, privilege_type, array_agg(column_name::text),"
            " array_agg(column_name::text) @> (SELECT array_agg(attname::text) FROM pg_attribute"
            "  WHERE attrelid = table_name::regclass AND attnum > 0 AND NOT attisdropped)"
            " FROM information_schema.column_privileges WHERE grantee LIKE 'exo\\_%%' AND grantee <> 'exo_owner'"
            " AND table_schema = current_schema() GROUP BY 1, 2, 3"
        )
        some = {
            (who, table, what): set(names)
            for who, table, what, names, whole in cursor.fetchall()
            if not whole
        }
    assert some == COLUMNS


@pytest.mark.django_db
def test_functions_with_the_owners_rights_are_the_listed_ones() -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, proconfig, (SELECT coalesce(string_agg(rolname, ', ' ORDER BY rolname), '') FROM pg_roles"
            " WHERE rolname IN ('exo_app', 'exo_public', 'exo_staff', 'exo_service')"
            " AND has_function_privilege(pg_roles.oid, p.oid, 'EXECUTE')), prorettype = 'trigger'::regtype"
            " FROM pg_proc p WHERE prosecdef AND pronamespace = current_schema()::regnamespace"
        )
        rows = cursor.fetchall()
    assert {name: who for name, _config, who, is_trigger in rows if not is_trigger} == DEFINERS
    assert {name for name, _config, _who, is_trigger in rows if is_trigger} == TRIGGERS
    assert {tuple(config or ()) for _name, config, _who, _is_trigger in rows} == {
        ("search_path=public, pg_temp",)
    }


@pytest.mark.django_db
def test_guards_ask_who_acts_not_what_a_statement_may_have_set() -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
            " AND prosrc ~ $$setting\\('role'$$"
        )
        assert cursor.fetchall() == [("acting_role",)]
