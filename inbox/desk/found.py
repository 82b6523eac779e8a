"""What a search finds of the inbox: all tabs counted and one page of keys, by one statement that searches once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from bookings.search import Search

COLUMNS = ("status", "start_date", "pickup_time", "created_at", "waiting", "aside")
# A page too far is the last one.
STATEMENT = """
WITH {found},
shown AS MATERIALIZED (SELECT * FROM found WHERE {shown})
SELECT status, count(*), count(*) FILTER (WHERE waiting), count(*) FILTER (WHERE waiting AND aside), ARRAY(
    SELECT id FROM shown ORDER BY {order} LIMIT %s
    OFFSET least(%s, greatest((SELECT count(*) FROM shown) - 1, 0) / %s * %s)
), (SELECT is_whole FROM whole) FROM found GROUP BY status
"""


@dataclass(frozen=True)
class Found:
    """How many bookings have each status, how many of them wait to be seen and for another day, and the page's keys."""

    rows: dict[str, dict[str, int]]
    keys: list[UUID]


def find(search: Search, bookings: QuerySet[Any], shown: str, order: Sequence[str], page: slice) -> Found | None:
    """Those of `bookings` (with COLUMNS) that are found; None when there are too many to be found by key.

    `shown` is what the page has of them, in SQL.
    """
    if not search.indexed:
        return Found({}, [])
    found, params = search.few(bookings.values_list("pk", *COLUMNS), ", ".join(["id", *COLUMNS]))
    size = page.stop - page.start
    sql = STATEMENT.format(found=found, shown=shown, order=", ".join(map(_ordered, order)))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, size, page.start, size, size])
        rows = cursor.fetchall()
    if not rows:
        return Found({}, [])
    *_, keys, is_whole = rows[0]
    counts = {row[0]: dict(zip(("n", "waiting", "aside"), row[1:4], strict=True)) for row in rows}
    return Found(counts, keys) if is_whole else None


def _ordered(column: str) -> str:
    name = column.removeprefix("-").replace("pk", "id")
    return f"{name} DESC" if column.startswith("-") else name
