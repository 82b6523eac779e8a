"""What a search finds of the inbox: all tabs counted and one page of keys, by one statement that searches once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from bookings.search import Search

COLUMNS = ("status", "start_date", "pickup_time", "created_at")
# What waits is few: it is read once, not asked for row by row.
STATEMENT = """
WITH {found},
seen AS (SELECT *, id IN (SELECT booking_id FROM inbox_items WHERE status = 'pending') AS waiting FROM found),
marked AS NOT MATERIALIZED (
    SELECT *, waiting AND EXISTS (
        SELECT FROM inbox_triage WHERE booking_id = seen.id AND snoozed_until > %s
    ) AS aside FROM seen
),
shown AS (SELECT * FROM marked WHERE {shown})
SELECT status, count(*), count(*) FILTER (WHERE waiting), count(*) FILTER (WHERE aside), ARRAY(
    SELECT id FROM shown ORDER BY {order} LIMIT {size} OFFSET {first}
), (SELECT is_whole FROM whole) FROM marked GROUP BY status
"""
LATER = "least({first}, greatest((SELECT count(*) FROM shown) - 1, 0) / {size} * {size})"  # too far is the last page


@dataclass(frozen=True)
class Found:
    """How many bookings have each status, how many of them wait to be seen and for another day, and the page's keys."""

    rows: dict[str, dict[str, int]]
    keys: list[UUID]


@dataclass(frozen=True)
class Wanted:
    """One page of those that `where` leaves (SQL on COLUMNS, `waiting` and `aside`), in an order as a model's."""

    where: str
    order: Sequence[str]
    number: int
    size: int


def find(search: Search, bookings: QuerySet[Any], page: Wanted, today: date) -> Found | None:
    """Those of `bookings` that are found; None when there are too many to be found by key. `today` is the business's."""
    if not search.indexed:
        return Found({}, [])
    found, params = search.few(bookings.values_list("pk", *COLUMNS), ", ".join(["id", *COLUMNS]))
    size, before = page.size, page.size * (page.number - 1)
    first = LATER.format(first=before, size=size) if before else 0
    order = ", ".join(map(_ordered, page.order))
    with connection.cursor() as cursor:
        cursor.execute(
            STATEMENT.format(found=found, shown=page.where, order=order, size=size, first=first),
            [*params, today],
        )
        rows = cursor.fetchall()
    if not rows:
        return Found({}, [])
    *_, keys, is_whole = rows[0]
    counts = {row[0]: dict(zip(("n", "waiting", "aside"), row[1:4], strict=True)) for row in rows}
    return Found(counts, keys) if is_whole else None


def _ordered(column: str) -> str:
    name = column.removeprefix("-").replace("pk", "id")
    return f"{name} DESC" if column.startswith("-") else name
