"""The short way to PostgreSQL, for the few statements that everybody waits for.

Django writes values into the text of a statement, so the server parses and plans each one anew, and most of a booking's
time went into such texts. Here the values go beside the text: the driver adapts them in C, and prepares on each
connection what comes again. What a verb writes goes out in one go (libpq's pipeline mode).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Field, JSONField, Model

from exodrive.timestamps import Timestamped

M = TypeVar("M", bound=Model)
KNOWN = {type(None), str, bool, int, Decimal, UUID, date, time, datetime}


@contextmanager
def bound_on_server() -> Iterator[None]:
    """Statements of the block send their values beside their text. PostgreSQL must be able to tell the type of each."""
    before = connection.binds_on_server  # type: ignore[attr-defined]
    connection.binds_on_server = True  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.binds_on_server = before  # type: ignore[attr-defined]


@contextmanager
def together() -> Iterator[None]:
    """Send the block's statements without waiting for the answer to each; the end of the block waits for all of them.

    They run in their order, each as if it were sent alone. An error of one is raised by a later one or by the end of the
    block, and what came after it did not happen: so this is for a transaction that ends with it. A statement whose rows are
    fetched in the block waits. How many rows one has changed is known after the block only: no `save(update_fields=…)`
    and no `update()` of which the number counts.
    """
    connection.cursor().close()  # connected, and the server knows who asks
    with bound_on_server(), connection.wrap_database_errors, connection.connection.pipeline():
        yield


def asked(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    """The rows that a statement answers with, values beside its text."""
    with bound_on_server(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def read(model: type[M], at_most: int | None = None) -> list[M]:
    """Every row of a model in its own order, or the first so many, from a text that is made once; nothing joined."""
    found = _reading(model)
    rows: Any = asked(f"{found.text} LIMIT {'ALL' if at_most is None else at_most}", found.values)
    if found.converters:
        rows = found.compiler.apply_converters(rows, found.converters)
    return [model.from_db(connection.alias, found.names, row) for row in rows]


class _Reading(NamedTuple):
    text: str
    values: list[Any]
    names: list[str]  # of the columns, as the model has them
    converters: dict[int, Any]
    compiler: Any


@cache
def _reading(model: type[Model]) -> _Reading:
    compiler = model._default_manager.select_related(None).query.get_compiler(connection=connection)
    text, values = compiler.as_sql()
    columns = [expression for expression, _sql, _alias in compiler.select]
    names = [field.attname for field in model._meta.concrete_fields]
    return _Reading(text, list(values), names, compiler.get_converters(columns), compiler)


def insert(*rows: Model) -> None:
    """Write new rows of one model, from a text that is made once: as `save(force_insert=True)` does, without reading back.

    Every value is the row's own; the model has no columns that the database fills in.
    """
    sql, fields = _text(type(rows[0]), len(rows))
    for row in rows:
        if isinstance(row, Timestamped):
            row.tidy_texts()
    values = [_value(field, getattr(row, field.attname)) for row in rows for field in fields]
    with bound_on_server(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _value(field: "Field[Any, Any]", value: Any) -> Any:
    """What the driver knows as it is; the rest as Django prepares it."""
    if type(value) in KNOWN and not isinstance(field, JSONField):
        return value
    return field.get_db_prep_save(value, connection)


@cache
def _text(model: type[Model], count: int) -> tuple[str, tuple["Field[Any, Any]", ...]]:
    fields = tuple(model._meta.concrete_fields)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES {", ".join([row] * count)}', fields  # noqa: S608
