"""A dump of the database with what proves it, and the way back.

`pg_dump` writes its own compressed format; beside it stands a manifest with the dump's SHA-256, the migrations and the
number of rows of every table at that very moment. Roles are not in a dump: `bootstrap_roles` makes them. Neither are
uploaded pictures (MEDIA_ROOT).
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from exodrive.dev.embedded.postgres import binaries
from exodrive.dev.embedded.process import StackError

FORMAT = 1
ROLES = ("exo_public", "exo_staff", "exo_service", "exo_app", "exo_public_login")
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY 1"
TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "channel_binding")
DATABASE = (
    "SELECT datlocprovider, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
)

# The schema as a new database has it: pg_dump takes that for granted, and writes down only what migrations granted.
EMPTY = """
DROP SCHEMA IF EXISTS public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC
"""


class BackupError(Exception):
    """It cannot be done; the message tells a person why and what to do."""


def back_up(target: Path, *, at: datetime, release: str) -> dict[str, Any]:
    """Dump the default database into `target` and write its manifest beside it; the manifest.

    Both files are readable by their owner only (0600) and appear whole or not at all. The connection must be the
    schema's owner. Raises BackupError.
    """
    draft = target.with_name(f".{target.name}.part")
    with _snapshot() as (reader, snapshot):
        counts = _row_counts(reader)
        manifest = {
            "format": FORMAT,
            "made_at": at.isoformat(),
            "release": release,
            "server": reader.info.server_version,
            "migrations": [name for (name,) in reader.execute(MIGRATIONS)],
            "rows": counts,
        }
        try:
            os.close(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
            tool = find_tool("pg_dump", server=reader.info.server_version)
            # Without the rights on PostgreSQL's own functions, which the schema's owner could not set again.
            server = "--exclude-schema=pg_catalog"
            _run(tool, "--format=custom", "--no-owner", server, f"--snapshot={snapshot}", f"--file={draft}")
            manifest |= {"sha256": digest(draft), "bytes": draft.stat().st_size}
            _write_private(manifest_of(target), json.dumps(manifest, indent=1))
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    return manifest


def manifest_of(dump: Path) -> Path:
    """`NAME.dump` -> `NAME.dump.json`."""
    return dump.with_name(f"{dump.name}.json")


def read_manifest(dump: Path) -> dict[str, Any]:
    """The manifest, after the dump was found to be the one it was written for. Raises BackupError."""
    try:
        manifest: dict[str, Any] = json.loads(manifest_of(dump).read_text())
        if manifest["format"] != FORMAT:
            raise BackupError(f"{manifest_of(dump)} has a format that this release does not know.")
        found = digest(dump)
    except (OSError, ValueError, KeyError) as error:
        raise BackupError(
            f"{dump} and its manifest {manifest_of(dump).name} cannot be read: {error}"
        ) from None
    if found != manifest["sha256"]:
        raise BackupError(f"{dump} is not what was backed up: its SHA-256 differs from the manifest's.")
    return manifest


def restore(dump: Path, *, manifest: dict[str, Any], empty_first: bool) -> None:
    """Load `dump` into the default connection's database, and check the number of rows of every table.

    Refuses a database that has tables, unless `empty_first`, which removes everything in it. The connection must be the
    schema's owner. Raises BackupError; then the database is not to be used.
    """
    with psycopg.connect(**_own_connection(), autocommit=True) as owner:
        _need_roles(owner)
        tool = find_tool("pg_restore", server=owner.info.server_version)
        tables = [name for (name,) in owner.execute(TABLES)]
        if tables and not empty_first:
            raise BackupError(
                f"The database {owner.info.dbname} has {len(tables)} tables. Restore into a new one (--into NAME), or"
                " say --yes to remove everything that is in it."
            )
        owner.execute(EMPTY)
        _run(
            tool,
            "--exit-on-error",
            "--single-transaction",
            "--no-owner",
            f"--dbname={owner.info.dbname}",
            str(dump),
        )
        owner.execute("ANALYZE")
        if (found := _row_counts(owner)) != manifest["rows"]:
            wrong = sorted(set(found.items()) ^ set(manifest["rows"].items()))
            raise BackupError(f"The number of rows differs from the manifest's: {wrong}")


def create_database(name: str) -> None:
    """Make an empty database like the current one, which only our logins may enter. Raises BackupError."""
    with psycopg.connect(**_own_connection(), autocommit=True) as owner:
        (((provider, encoding)),) = owner.execute(DATABASE)
        builtin = provider in ("b", b"b")
        locale = sql.SQL(" LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'" if builtin else "")
        create = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING {}{}")
        try:
            owner.execute(create.format(sql.Identifier(name), sql.Literal(encoding), locale))
        except psycopg.Error as error:
            raise BackupError(f"The database {name} cannot be made: {error}") from None
        owner.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        grant = sql.SQL("GRANT CONNECT ON DATABASE {} TO exo_app, exo_public_login")
        owner.execute(grant.format(sql.Identifier(name)))


def database_exists(name: str) -> bool:
    """Whether the server has it."""
    with psycopg.connect(**_own_connection()) as owner:
        return owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def find_tool(name: str, *, server: int) -> Path:
    """The path of `name` that is new enough for the server (an older pg_dump refuses): $PG_BIN, wheel, PATH, Debian's."""
    tried = []
    for folder in _folders():
        tool = folder / name
        if not tool.is_file():
            continue
        said = subprocess.run([tool, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
        major = re.search(r"(\d+)", said.stdout.partition(")")[2])
        if major and int(major[1]) >= server // 10000:
            return tool
        tried.append(f"{tool} ({said.stdout.strip() or 'does not run'})")
    raise BackupError(
        f"No {name} of PostgreSQL {server // 10000} or newer was found; set PG_BIN to its folder, install"
        f" postgresql-client or requirements-embedded.txt. Found: {', '.join(tried) or 'none'}."
    )


def _folders() -> Iterator[Path]:
    if os.environ.get("PG_BIN"):
        yield Path(os.environ["PG_BIN"])
    try:
        yield binaries()
    except StackError:
        pass  # production does not install the wheel
    if found := shutil.which("pg_dump"):
        yield Path(found).parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _own_connection() -> dict[str, Any]:
    given = connection.get_connection_params()
    return {
        name: given[name] for name in ("host", "port", "dbname", "user", "password", *TLS) if given.get(name)
    }


@contextmanager
def _snapshot() -> Iterator[tuple[psycopg.Connection, str]]:
    """A transaction that sees one moment, and the name under which pg_dump sees the same."""
    with psycopg.connect(**_own_connection()) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        (snapshot,) = reader.execute("SELECT pg_export_snapshot()").fetchone()  # type: ignore[misc]
        yield reader, snapshot


def _row_counts(reader: psycopg.Connection) -> dict[str, int]:
    found = {}
    for (table,) in reader.execute(TABLES).fetchall():
        row = reader.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
        found[table] = row[0] if row else 0
    return found


def _need_roles(owner: psycopg.Connection) -> None:
    have = {name for (name,) in owner.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'exo\\_%'")}
    if missing := [role for role in ROLES if role not in have]:
        raise BackupError(f"Run bootstrap_roles first: these roles are missing: {', '.join(missing)}.")


def _run(tool: Path, *arguments: str) -> None:
    """Run a client program against the default database. The password travels in the environment, not in `ps`."""
    own = _own_connection()
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "dbname": "PGDATABASE",
    }
    names |= {name: f"PG{name.replace('_', '').upper()}" for name in TLS}
    environment = {names[name]: str(value) for name, value in own.items()}
    done = subprocess.run(  # noqa: S603
        [tool, "--no-password", *arguments],
        env={"PATH": os.defpath, "LC_ALL": "C", "PGCONNECT_TIMEOUT": "10", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{tool.name} failed:\n{done.stderr.strip()}")


def _write_private(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.part")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)
