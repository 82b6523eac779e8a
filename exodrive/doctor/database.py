"""The database: whether it answers, as whom we ask, and whether it holds what this release needs."""

import os
import time
from collections.abc import Iterator

import psycopg
from django.db import connection

from exodrive.db import unreachable
from exodrive.db.access.catalog import look
from exodrive.db.access.changes import grants, structure, summary
from exodrive.db.access.files import read
from exodrive.db.logins import Login, problems
from exodrive.doctor.findings import Finding, missing, warning, well
from exodrive.ops.health import our_migrations
from exodrive.rls import LOGIN, acting_as

SKEW = 2.0  # seconds between this machine's clock and the database's
MIGRATE = "Run `manage.py migrate` with DATABASE_OWNER_URL set."


def reachable() -> Iterator[Finding]:
    """Whether it lets this process in. Everything else about it waits for that."""
    reason = unreachable.why("DATABASE_URL")
    if reason:
        mend = "Correct what is named there; `manage.py bootstrap_roles` makes logins and the database."
        yield missing("database", reason, mend)
    else:
        yield well("database", "It answers.")


def owner() -> Iterator[Finding]:
    """The other login, with which migrations and backups run."""
    part, url = "owner", os.environ.get("DATABASE_OWNER_URL")
    if not url:
        mend = "Set DATABASE_OWNER_URL where these commands run; web, worker and beat do without it."
        yield warning(part, "`migrate`, `backup` and `createsuperuser` have no login of their own.", mend)
        return
    reason = unreachable.why_at(url, "DATABASE_OWNER_URL")
    yield missing(part, reason, "Correct DATABASE_OWNER_URL.") if reason else well(part, "It is let in.")


def login() -> Iterator[Finding]:
    """Whether policies bind whom the site asks as."""
    parameters = connection.get_connection_params()
    parameters.pop("pool", None)
    with psycopg.connect(**parameters) as raw:
        asked = Login.of(raw)
    found = [message.msg.removeprefix("Production: ") for message in problems(asked, public_may=True)]
    for text in found:
        yield missing("login", text, "Run `manage.py bootstrap_roles`, and set DATABASE_URL to exo_app.")
    if not found:
        yield well("login", f"{asked.name} is bound by every policy.")


def migrations() -> Iterator[Finding]:
    """Whether the tables are this release's, and who may do what is what its files say."""
    with acting_as(LOGIN), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        applied: set[str] = set()
        if cursor.fetchone()[0]:
            cursor.execute("SELECT app || '.' || name FROM django_migrations")
            applied = {row[0] for row in cursor.fetchall()}
    if lacking := our_migrations() - applied:
        yield missing("migrations", f"{len(lacking)} migrations have not been applied.", MIGRATE)
        return
    yield well("migrations", "All are applied.")
    with acting_as(LOGIN):
        wanted, state = read(), look(connection)
    if changes := structure(wanted, state) + grants(wanted, state):
        yield missing("access", f"The database differs from the files: {summary(changes)}.", MIGRATE)
    else:
        yield well("access", "Policies, grants, functions, triggers and views are what the files say.")


def clock() -> Iterator[Finding]:
    """Holds, links and payment windows end by both clocks."""
    with acting_as(LOGIN), connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        skew = abs(float(cursor.fetchone()[0]) - time.time())
    if skew > SKEW:
        yield missing(
            "clock",
            f"This machine and the database are {skew:.0f} s apart.",
            "Let both follow NTP (timedatectl).",
        )
    else:
        yield well("clock", "This machine and the database agree.")
