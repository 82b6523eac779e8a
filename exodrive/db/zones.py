"""Whether Python and PostgreSQL know the same clocks.

Each has a time-zone database of its own: Python the system's or the package `tzdata`, PostgreSQL its own or the system's.
Python says when a rental begins, PostgreSQL on which local day an instant lies. Where a law changed since one of them was
built, they differ by an hour or a day. So both are asked for every hour of every zone in use, as far ahead as can be booked.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import psycopg
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connection

Ask = Callable[[str], Sequence[Sequence[Any]]]
Clock = list[
    list[int]
]  # instants (Unix time) at which the clock changes, with minutes ahead of UTC from then on

AT_LEAST, AT_MOST = 500, 1100  # days; who writes a horizon of decades must not keep every probe busy

IN_USE = f"""
SET LOCAL ROLE exo_public;
SELECT json_build_object('start', extract(epoch FROM date_trunc('day', now(), 'UTC'))::bigint,
  'days', least({AT_MOST}, greatest(
    {AT_LEAST}, (SELECT max(horizon_days) FROM fleets), (SELECT max(horizon_days) FROM cars)
  )),
  'zones', (SELECT coalesce(json_agg(DISTINCT time_zone), '[]') FROM locations))::text
"""  # noqa: S608
CLOCKS = """
SET LOCAL ROLE exo_public;
SELECT coalesce(json_object_agg(zone, clock), '{{}}')::text FROM (
  SELECT zone, json_agg(json_build_array(extract(epoch FROM at)::bigint, minutes) ORDER BY at) AS clock FROM (
    SELECT zone, at, minutes, lag(minutes) OVER (PARTITION BY zone ORDER BY at) AS before FROM (
      SELECT zone, at, (extract(epoch FROM (at AT TIME ZONE zone) - (at AT TIME ZONE 'UTC')) / 60)::int AS minutes
      FROM (SELECT DISTINCT time_zone FROM locations) AS in_use (zone),
        generate_series(to_timestamp({start}), to_timestamp({start}) + interval '{hours} hours', interval '1 hour') AS at
    ) AS shown
  ) AS compared WHERE minutes IS DISTINCT FROM before GROUP BY zone
) AS clocks
"""


class OtherZones:
    """The zones in use that the two know differently. Asked once a day and for other zones; remembered by the process."""

    def __init__(self) -> None:
        self.asked: tuple[Any, ...] = ()
        self.found: list[str] = []

    def of(self, ask: Ask) -> list[str]:
        """`ask` runs statements and returns the rows of the last. It raises for a zone that PostgreSQL does not know."""
        in_use = json.loads(ask(IN_USE)[0][0])
        start, days, zones = in_use["start"], int(in_use["days"]), sorted(in_use["zones"])
        if self.asked != (start, days, zones):
            theirs = json.loads(ask(CLOCKS.format(start=int(start), hours=days * 24))[0][0])
            self.found = [zone for zone in zones if theirs.get(zone) != clock_of(zone, start, days)]
            self.asked = (start, days, zones)
        return self.found


other_zones = OtherZones()


@lru_cache(maxsize=200)
def clock_of(zone: str, start: int, days: int) -> Clock | None:
    """As Python knows it, from `start` (Unix time) for so many days; None for a zone that it does not know."""
    try:
        return list(_changes(ZoneInfo(zone), start, days))
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _changes(zone: ZoneInfo, start: int, days: int) -> Iterator[list[int]]:
    before: timedelta | None = None
    for at in range(start, start + days * 86_400 + 1, 3600):
        offset = datetime.fromtimestamp(at, UTC).astimezone(zone).utcoffset() or timedelta()
        if offset != before:
            yield [at, round(offset.total_seconds() / 60)]
        before = offset


@register(Tags.database)
def clocks_agree(app_configs: Any = None, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """For `manage.py check --database default`, and at the start of the whole site; commands of the owner are not asked."""
    return warnings() if databases and not settings.AS_OWNER else []


def warnings() -> list[CheckMessage]:
    """One for all zones that differ. On a connection of its own; silent when the database is away or has no tables yet."""
    try:
        found = other_zones.of(_asked_apart)
    except psycopg.errors.InvalidParameterValue as error:
        found = [str(error).partition("\n")[0]]
    except psycopg.Error:
        return []
    words = "Python and PostgreSQL have other rules for: {}. Update both (docs/runbook.md, clocks)."
    return [Warning(words.format(", ".join(found)), id="exodrive.W001")] if found else []


def _asked_apart(statements: str) -> list[tuple[Any, ...]]:
    parameters = connection.get_connection_params()
    parameters.pop("pool", None)
    with psycopg.connect(**parameters) as raw:
        *first, last = statements.strip().split(";\n")
        for statement in first:
            raw.execute(statement)
        return raw.execute(last).fetchall()
