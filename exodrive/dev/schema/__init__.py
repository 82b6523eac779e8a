"""The schema as PostgreSQL wrote it down once all migrations had run, for a new embedded database.

Django spends most of a first start on working out what the models looked like after each of a hundred migrations. A
new database begins with `snapshot.sql` instead and goes on with the migrations that came since. It is used only for the
major version that wrote it and only while every migration in it is, byte for byte, the one that it was made from. The
tests compare the outcome with a database that ran each migration. Production always migrates.
"""

import hashlib
import inspect
import re
import subprocess
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

FILE = Path(__file__).with_name("snapshot.sql")
HEADER = "-- PostgreSQL {major}, migrations {digest}; written by `make schema`\n"
ROW = re.compile(r"^\t\(\d+, '(\w+)', '(\w+)', now\(\)\)[,;]$", re.MULTILINE)
MOMENT = re.compile(r"'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?\+00'")
CHANCE = re.compile(r"'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'")
# What pg_dump writes for people around each object. Functions have comments of their own, which stay.
HEADING = re.compile(r"\n*^--\n-- (?:Data for )?Name: .*\n--\n\n", re.MULTILINE)
ROWS = "INSERT INTO "
COMPLETE = "\n--\n-- PostgreSQL database dump complete"
SESSION = (
    "SET LOCAL search_path = ''; SET LOCAL check_function_bodies = false; SET LOCAL synchronous_commit = off;"
)

Name = tuple[str, str]  # of a migration: its app's label and its own


def load() -> bool:
    """Fill a database that has no migrations yet, as the schema's owner; False when the file is not for it."""
    if not FILE.exists():
        return False
    header, _, statements = FILE.read_text().partition("\n")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_regclass('django_migrations') IS NULL, current_setting('server_version_num')::int / 10000"
        )
        empty, major = cursor.fetchone()
    if not empty or header + "\n" != HEADER.format(major=major, digest=digest(_names(statements))):
        return False
    fill(statements)
    return True


def fill(statements: str) -> None:
    """Run what `dump` wrote in a database without tables, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SESSION + statements)


def digest(names: list[Name]) -> str:
    """Of these migrations as they stand in this checkout; an empty text when one is missing."""
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    if not names or not set(names) <= migrations.keys():
        return ""
    found = hashlib.sha256()
    for name in sorted(names):
        found.update(f"{name}\0".encode() + Path(inspect.getfile(type(migrations[name]))).read_bytes())
    return found.hexdigest()


def write(pg_dump: Path, url: str) -> None:
    """Write the file anew from a database that has just been migrated."""
    statements = dump(pg_dump, url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        (major,) = cursor.fetchone()
    FILE.write_text(HEADER.format(major=major, digest=digest(_names(statements))) + statements)


def dump(pg_dump: Path, url: str, *options: str) -> str:
    """Everything in a database as SQL that can be compared: of rows not when they were written, nor what chance gave them.

    A moment or a number that stands in the schema itself is meant, and stays.
    """
    argv = [str(pg_dump), "--inserts", "--rows-per-insert=1000", "--no-owner", *options, url]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)  # noqa: S603
    _session, *objects = HEADING.split(done.stdout.partition(COMPLETE)[0])
    return "\n".join(_lasting(text) for one in objects if (text := one.strip("\n"))) + "\n"


def _lasting(text: str) -> str:
    return CHANCE.sub("gen_random_uuid()", MOMENT.sub("now()", text)) if text.startswith(ROWS) else text


def _names(statements: str) -> list[Name]:
    return [(app, name) for app, name in ROW.findall(statements)]
