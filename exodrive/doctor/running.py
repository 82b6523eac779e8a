"""What runs beside the database: Redis, files that a release makes, people who can sign in, processes, backups, disk."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from django.conf import settings
from django.db import connection
from django.urls import reverse

from exodrive.cache.client import AWAY, ask
from exodrive.doctor.findings import Finding, missing, warning, well
from exodrive.ops import health
from exodrive.rls import LOGIN, SERVICE, acting_as

GIB = 2**30
LEAST = 1.0  # GiB that should be free
START = {
    "worker": "Start it: `celery --app exodrive worker` (deploy/exodrive-worker.service).",
    "beat": "Start it, once: `celery --app exodrive beat` (deploy/exodrive-beat.service).",
}
PEOPLE = """
SELECT count(*) FILTER (WHERE is_superuser), count(*) FILTER (WHERE is_superuser AND secured), count(*) FILTER (WHERE NOT
  secured)
FROM (
  SELECT u.is_superuser, EXISTS (SELECT 1 FROM otp_totp_totpdevice d WHERE d.user_id = u.id AND d.confirmed) AS secured
  FROM users u
  WHERE u.is_active AND (u.is_superuser OR EXISTS (SELECT 1 FROM users_groups g WHERE g.user_id = u.id))
) AS people
"""
OFFER = "SELECT (SELECT count(*) FROM locations), (SELECT count(*) FROM cars WHERE status = 'offered')"


def redis() -> Iterator[Finding]:
    """The worker and beat live from it."""
    if ask(lambda server: server.ping()) is AWAY:
        yield missing("redis", "Redis does not answer.", "Start it, or correct REDIS_URL.")
    else:
        yield well("redis", "It answers.")


def files() -> Iterator[Finding]:
    """What a release makes of its sources: translations and static files."""
    folder = settings.BASE_DIR / "locale"
    stale = [
        path.parent.parent.name
        for path in sorted(folder.glob("*/LC_MESSAGES/django.po"))
        if not path.with_suffix(".mo").exists()
        or path.with_suffix(".mo").stat().st_mtime < path.stat().st_mtime
    ]
    if stale:
        mend = "Run `manage.py compile_messages`."
        yield missing("translations", f"Not compiled since they changed: {', '.join(stale)}.", mend)
    else:
        yield well("translations", "They are compiled.")
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        mend = "Run `manage.py collectstatic --no-input`."
        yield missing("static files", f"There are none in {settings.STATIC_ROOT}.", mend)
    else:
        yield well("static files", "They are collected.")


def people() -> Iterator[Finding]:
    """Somebody has to be able to let others in, and with more than a password."""
    with acting_as(LOGIN), connection.cursor() as cursor:
        cursor.execute(PEOPLE)
        superusers, secured, unsecured = cursor.fetchone()
    if not superusers:
        yield missing("people", "Nobody can make accounts.", "Run `manage.py createsuperuser`.")
    elif not secured:
        mend = "Sign in and add an authenticator app under Account; then set STAFF_TOTP_REQUIRED=true."
        yield warning("people", "No superuser has a second step.", mend)
    else:
        yield well("people", f"{superusers} can make accounts.")
    if superusers and unsecured and not settings.STAFF_TOTP_REQUIRED:
        yield warning(
            "people", f"{unsecured} who work here need no second step.", "Set STAFF_TOTP_REQUIRED=true."
        )


def offer() -> Iterator[Finding]:
    """Something to rent."""
    with acting_as(SERVICE), connection.cursor() as cursor:
        cursor.execute(OFFER)
        places, cars = cursor.fetchone()
    if cars:
        yield well("offer", f"{cars} cars at {places} locations.")
    else:
        what = "There is no car on offer" if places else "There is neither a location nor a car"
        yield warning("offer", f"{what}.", f"Add them at {settings.SITE_URL}{reverse('admin:index')}.")


def processes() -> Iterator[Finding]:
    """What `/readyz` sees of worker, beat, jobs, ledger, clocks and bookings that nobody has proven."""
    parts = health.report().parts
    for name, mend in START.items():
        if parts.get(name, {}).get("status") != health.OK:
            yield missing(name, f"The {name} gives no sign of life.", mend)
        else:
            yield well(name, "It lives.")
    looked_at = {
        "jobs": "See the worker's log, and `manage.py metrics`.",
        "ledger": "Run `manage.py check_ledger` (docs/runbook.md).",
        "clocks": "Update the time zones of both (docs/runbook.md, clocks).",
        "unproven": "Look at the inbox: many keep cars and have proven nothing.",
    }
    for name, mend in looked_at.items():
        facts = {key: value for key, value in parts.get(name, {}).items() if key != "status" and value}
        if parts.get(name, {}).get("status", health.OK) != health.OK and facts != {"failing": ["backup"]}:
            yield warning(name, f"Something to look at: {facts}.", mend)
    yield from _backup(parts)


def _backup(parts: dict[str, dict[str, object]]) -> Iterator[Finding]:
    mend = "Run `manage.py backup` every night (deploy/exodrive-backup.timer)."
    if "backup" not in parts:
        yield missing("backup", "No backup has been made.", mend)
    elif "backup" in cast("list[str]", parts["jobs"]["failing"]):
        yield missing("backup", "The last backup failed.", "Run `manage.py backup` and see why.")
    elif parts["backup"]["status"] != health.OK:
        yield missing("backup", "The last backup is older than a day.", mend)
    else:
        yield well("backup", "The last one is not older than a day.")


def disk() -> Iterator[Finding]:
    """Where uploads, logs and backups go."""
    folders = (Path(settings.VAR_DIR), Path(settings.MEDIA_ROOT))
    existing = [next(path for path in (folder, *folder.parents) if path.exists()) for folder in folders]
    for there in {path.stat().st_dev: path for path in reversed(existing)}.values():
        free = shutil.disk_usage(there).free / GIB
        if free < LEAST:
            yield warning("disk", f"{there} has {free:.1f} GiB left.", "Make room.")
        else:
            yield well("disk", f"{there} has {free:.0f} GiB left.")
