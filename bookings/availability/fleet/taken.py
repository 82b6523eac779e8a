"""Which cars are taken on a day, kept by each process and exact at each use.

Every transaction that writes to the ledger leaves the number of each car in `ledger_changes`, with its own number. What is
kept was read at one snapshot; a statement that asks for what is not visible in that snapshot and is visible now finds
every car that has changed since, in whatever order the transactions ended, and reads their days again in the same moment.
Days nobody has asked for yet are read by it, too. Holds that may lapse are read each time.

What is kept is dropped when the server is another one, and when it is older than the oldest change that is remembered.
Inside a transaction nothing is kept: it sees what it has written itself, and what it saw before.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from bookings.availability.fleet import bits
from bookings.days import Days
from exodrive.db.together import asked
from exodrive.rls import SERVICE, acting_as

REMEMBERED = timedelta(hours=1)  # changes
MAX_DAYS = 800  # kept; 12 KB each for 100,000 cars
TRIES = 3  # while other threads write down what they have read
REFRESH = 1000  # transactions after which the snapshot is renewed though nothing has changed
NEVER = 2**62  # above all numbers of transactions

READ = """
WITH changed AS MATERIALIZED (
    SELECT DISTINCT car_id FROM ledger_changes
    WHERE xid >= %s AND NOT pg_visible_in_snapshot(xid::text::xid8, %s::pg_snapshot)
)
SELECT 'now', NULL::date, ARRAY[pg_current_snapshot()::text, (SELECT min(xid)::text FROM ledger_changes),
    concat_ws(' ', pg_postmaster_start_time(), inet_server_addr(), inet_server_port(),
        (SELECT oid FROM pg_database WHERE datname = current_database()))],
    ARRAY(SELECT car_id FROM changed)
UNION ALL
SELECT 'new', date, NULL, array_agg(car_id) FROM car_availability
WHERE date = ANY(%s::date[]) AND expires_at IS NULL GROUP BY date
UNION ALL
SELECT 'changed', days.date, NULL, array_agg(changed.car_id) FROM changed CROSS JOIN LATERAL (
    SELECT date FROM car_availability AS a
    WHERE a.car_id = changed.car_id AND a.date BETWEEN %s AND %s AND a.expires_at IS NULL OFFSET 0
) AS days GROUP BY days.date
UNION ALL
SELECT 'held', date, NULL, array_agg(car_id) FROM car_availability
WHERE expires_at > %s AND expires_at IS NOT NULL AND date BETWEEN %s AND %s GROUP BY date
"""

# By the number of the transaction alone, and never the last one: see `_covers`.
FORGET = """
DELETE FROM ledger_changes WHERE xid < (SELECT max(xid) FROM ledger_changes WHERE created_at < %s)
"""


def forget_changes(at: datetime) -> int:
    """Delete the changes from before the last hour. How many; a process that was not asked for so long reads all anew."""
    with acting_as(SERVICE), connection.cursor() as cursor:
        cursor.execute(FORGET, [at - REMEMBERED])
        return cursor.rowcount


@dataclass(eq=False, slots=True)
class _Kept:
    """The days of all cars as one server had them at one snapshot. `base` is the car of the lowest bit."""

    base: int
    snapshot: str = ""
    server: str = ""
    days: dict[date, bytearray] = field(default_factory=dict)
    numbers: dict[date, int] = field(default_factory=dict)  # the same, of days that have not changed since


class _Answer(NamedTuple):
    """What the statement found."""

    snapshot: str
    oldest: int | None  # transaction whose changes are remembered
    server: str
    changed: list[int | None]
    new: dict[date, list[int]]
    of_changed: dict[date, list[int]]
    held: dict[date, list[int]]


_kept: _Kept | None = None
_writing = threading.Lock()


def taken(days: Days, at: datetime, base: int) -> dict[date, int]:
    """For each of the days the cars that are taken at the instant `at`; bit n is the car whose id is `base` + n.

    One statement. Cars with ids below `base` are left out.
    """
    global _kept
    for _try in range(0 if connection.in_atomic_block else TRIES):
        kept = _kept
        if kept is None or kept.base != base or len(kept.days) > MAX_DAYS:
            kept = _Kept(base)
        snapshot, missing = kept.snapshot, [day for day in days if day not in kept.days]
        answer = _read(kept, snapshot, missing, days, at)
        with _writing:
            if snapshot and not _holds(kept, answer):
                _kept = None if _kept is kept else _kept
                continue
            if kept.snapshot != snapshot or any(day in kept.days for day in missing):
                continue  # another thread was quicker
            _put(kept, missing, answer)
            if _is_remembered(answer):
                _kept = kept
            return _with_held(kept, days, answer)
    alone = _Kept(base)
    answer = _read(alone, "", list(days), days, at)
    _put(alone, list(days), answer)
    return _with_held(alone, days, answer)


def _read(kept: _Kept, snapshot: str, missing: list[date], days: Days, at: datetime) -> _Answer:
    known = list(kept.days) or [days.start]
    since = [_xmin(snapshot), snapshot] if snapshot else [NEVER, "1:1:"]
    values: list[Any] = [*since, missing, min(known), max(known)]
    found: dict[str, dict[date, list[int]]] = {"new": {}, "changed": {}, "held": {}}
    now, oldest, server, changed = "", None, "", []
    for what, day, texts, cars in asked(READ, [*values, at, days.start, days.end]):
        if what == "now":
            (now, oldest, server), changed = texts, cars
        else:
            found[what][day] = cars
    first = int(oldest) if oldest else None
    return _Answer(now, first, server, changed, found["new"], found["changed"], found["held"])


def _xmin(snapshot: str) -> int:
    """Of `xmin:xmax:running`: every transaction below it had ended."""
    return int(snapshot.partition(":")[0])


def _holds(kept: _Kept, answer: _Answer) -> bool:
    """Whether every change since is among those found."""
    return kept.server == answer.server and None not in answer.changed and _covers(answer, kept.snapshot)


def _covers(answer: _Answer, snapshot: str) -> bool:
    """Strictly: what is older than a change that is still there was forgotten, or had not ended when it was."""
    return answer.oldest is not None and answer.oldest < _xmin(snapshot)


def _is_remembered(answer: _Answer) -> bool:
    """Whether what changes from now on will be found by the next one."""
    return _covers(answer, answer.snapshot)


def _put(kept: _Kept, missing: list[date], answer: _Answer) -> None:
    base = kept.base
    changed = [car - base for car in answer.changed if car is not None and car >= base]
    for day, row in kept.days.items() if changed else ():
        before = bytes(row)
        for position in changed:
            if position >> 3 < len(row):
                row[position >> 3] &= ~(1 << (position & 7)) & 255
        bits.put(row, _above(base, answer.of_changed.get(day, ())))
        if row != before:
            kept.numbers.pop(day, None)
    for day in missing:
        kept.days[day] = bits.put(bytearray(), _above(base, answer.new.get(day, ())))
    if changed or missing or _xmin(answer.snapshot) > _xmin(kept.snapshot or "0:") + REFRESH:
        kept.snapshot, kept.server = answer.snapshot, answer.server


def _with_held(kept: _Kept, days: Days, answer: _Answer) -> dict[date, int]:
    found = {}
    for day in days:
        if day not in kept.numbers:
            kept.numbers[day] = bits.number(kept.days[day])
        found[day] = kept.numbers[day]
        if held := answer.held.get(day):
            found[day] |= bits.number(bits.put(bytearray(), _above(kept.base, held)))
    return found


def _above(base: int, cars: Iterable[int]) -> list[int]:
    return [car - base for car in cars if car >= base]


def in_any(by_day: dict[date, int]) -> int:
    """Cars that are taken on one of the days at least."""
    found = 0
    for cars in by_day.values():
        found |= cars
    return found
