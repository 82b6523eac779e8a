"""How the site is: what `/readyz` says. Every dependency is asked with a deadline, and none of them twice.

unavailable   no database, or one without this release's migrations: send no requests here
degraded      bookings go on, but somebody should look: Redis, worker, beat, a job, the ledger, a backup, many bookings
              that nobody has proven at once, or clocks that Python and PostgreSQL know differently
ok            nothing to see
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from exodrive.cache.client import AWAY, ask
from exodrive.db.bounded import Away, Bounded, Failed
from exodrive.db.zones import other_zones
from exodrive.ops.heartbeat import OLD
from exodrive.schedule import BEAT_SCHEDULE

OK, DEGRADED, UNAVAILABLE = "ok", "degraded", "unavailable"
SECONDS = 1.0  # for the database, connecting included
# A job's record has the name of its task, except for this one, which shares its command's.
RECORDED_AS = {"send_queued_mails": "send_mails"}
GRACE = timedelta(minutes=2)  # for a message to find a worker, and a job to start
LONGEST_RUN = timedelta(minutes=15)
BACKUP_EVERY = timedelta(hours=26)  # nightly, and two hours for the night
NOT_ALLOWED = "42501"
NO_SUCH_TABLE = "42P01"
NO_SUCH_ZONE = "22023"

APPLIED = (
    "SET LOCAL ROLE exo_public; SELECT app || '.' || name FROM django_migrations"  # every login can be that
)
SIGNS = """
SET LOCAL ROLE exo_service;
SELECT json_build_object(
  'now', now(),
  'unproven', (SELECT count(*) FROM booking_proofs p JOIN bookings b ON b.id = p.booking_id
    WHERE p.proven_at IS NULL AND b.status = 'pending'),
  'beats', (SELECT json_object_agg(name, json_build_object('started', started_at, 'seen', beat_at)) FROM heartbeats),
  'runs', (SELECT json_object_agg(job, json_build_object('started', last.started_at, 'finished', last.finished_at,
    'ok', last.ok, 'count', last.count)) FROM unnest(string_to_array('{jobs}', ',')) AS job
    CROSS JOIN LATERAL (SELECT * FROM job_runs WHERE name = job ORDER BY started_at DESC LIMIT 1) AS last))
"""


@dataclass
class Report:
    """The status of the whole, and of each part with what makes it so. No names, addresses or secrets."""

    status: str = OK
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, part: str, status: str = OK, **facts: Any) -> None:
        """One part; the whole is as bad as its worst part."""
        self.parts[part] = {"status": status, **facts}
        self.status = max(self.status, status, key=[OK, DEGRADED, UNAVAILABLE].index)


def report() -> Report:
    """Ask everything. Takes at most SECONDS for the database and two of `REDIS_TIMEOUT` for Redis."""
    found = Report()
    try:
        with Bounded(seconds=SECONDS) as database:
            _ask_database(database, found)
            _ask_clocks(database, found)
    except (Away, Failed) as error:
        found.add("database", UNAVAILABLE, why=str(error))
    if ask(lambda redis: redis.ping()) is AWAY:
        found.add("redis", DEGRADED, why="away")
    else:
        found.add("redis")
    return found


def _ask_database(database: Bounded, found: Report) -> None:
    try:
        missing = our_migrations() - {str(row[0]) for row in database.rows(APPLIED)}
    except Failed as error:
        if error.sqlstate != NO_SUCH_TABLE:
            raise
        missing = our_migrations()
    found.add("database")
    if missing:
        found.add("migrations", UNAVAILABLE, missing=len(missing))
        return
    found.add("migrations")
    try:
        ((signs,),) = database.rows(SIGNS.format(jobs=",".join([*schedules(), "backup"])))
    except Failed as error:
        if error.sqlstate != NOT_ALLOWED:
            raise
        return  # the public login sees none of this, and its process needs none of it
    judge(json.loads(signs or "{}"), found)


def _ask_clocks(database: Bounded, found: Report) -> None:
    """Last: a slow answer is no reason to send no requests here."""
    try:
        differing = other_zones.of(database.rows)
    except Failed as error:
        if error.sqlstate == NO_SUCH_ZONE:
            found.add("clocks", DEGRADED, why="a zone that PostgreSQL does not know")
        return
    except Away:
        return
    found.add("clocks", DEGRADED if differing else OK, differing=differing)


@cache
def our_migrations() -> set[str]:
    """Those that this release brings. Read from its files, once."""
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}


@cache
def schedules() -> dict[str, Any]:
    """What beat starts when, by the name that its runs are recorded under."""
    tasks = {entry["task"].rpartition(".")[2]: entry for entry in BEAT_SCHEDULE.values()}
    return {RECORDED_AS.get(name, name): entry for name, entry in tasks.items()}


def judge(signs: dict[str, Any], found: Report) -> None:
    """Say of worker, beat and jobs whether they are as they should be. Instants are ISO 8601."""
    now = datetime.fromisoformat(signs["now"])
    beats, runs = signs["beats"] or {}, signs["runs"] or {}
    for name in ("worker", "beat"):
        _judge_process(name, beats.get(name), now, found)
    since = beats.get("beat", {}).get("started", signs["now"])
    late = sorted(name for name in schedules() if is_late(name, runs.get(name), since, now))
    failing = sorted(name for name, run in runs.items() if _has_failed(run, now))
    found.add("jobs", DEGRADED if late or failing else OK, late=late, failing=failing)
    waiting = signs["unproven"]
    found.add("unproven", DEGRADED if waiting >= settings.UNPROVEN_ALARM > 0 else OK, bookings=waiting)
    found.add("ledger", *_ledger(runs.get("check_ledger")))
    if "backup" in runs:
        age = now - datetime.fromisoformat(runs["backup"]["started"])
        found.add("backup", DEGRADED if age > BACKUP_EVERY else OK, age=round(age.total_seconds()))


def _judge_process(name: str, beat: dict[str, str] | None, now: datetime, found: Report) -> None:
    if beat is None:
        found.add(name, DEGRADED, why="never seen")
        return
    age = (now - datetime.fromisoformat(beat["seen"])).total_seconds()
    found.add(name, DEGRADED if age > OLD else OK, age=round(age))


def is_late(name: str, run: dict[str, Any] | None, since: str, now: datetime) -> bool:
    """Whether a job should have started by now: its next time after the last start has passed, and the message for
    it has expired as well. A job that never ran is counted from when beat was started (`since`)."""
    entry = schedules()[name]
    last = datetime.fromisoformat(run["started"] if run else since)
    at, step, _now = entry["schedule"].remaining_delta(last)
    due: datetime = at + step
    return now > due + timedelta(seconds=entry["options"]["expires"]) + GRACE


def _has_failed(run: dict[str, Any], now: datetime) -> bool:
    """It ended with an error, or was killed and never ended."""
    if run["finished"] is None:
        return now - datetime.fromisoformat(run["started"]) > LONGEST_RUN
    return run["ok"] is False


def _ledger(run: dict[str, Any] | None) -> Iterator[str]:
    """`check_ledger` counts differences."""
    yield DEGRADED if run and run["ok"] and run["count"] else OK
