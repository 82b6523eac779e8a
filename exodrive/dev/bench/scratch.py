"""A database for one run: made on an embedded server of its own, migrated, and dropped at the end."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from exodrive.db import roles
from exodrive.dev.embedded import prepare
from exodrive.dev.embedded.process import HOST, die_with_parent, free_port
from exodrive.dev.embedded.stack import Stack
from exodrive.dev.embedded.standby import standby_of
from exodrive.rls import as_owner

NAME = "exodrive_bench"


@contextmanager
def scratch() -> Iterator[dict[str, str]]:
    """The environment of processes that work in a migrated, empty database; the server waits for the disk."""
    with _made() as (_stack, environment):
        yield environment


@contextmanager
def scratch_with_replica() -> Iterator[dict[str, str]]:
    """The same with a standby of that server, which the site reads what it shows from."""
    with _made() as (stack, environment), ExitStack() as end:
        assert stack.postgres is not None  # noqa: S101 - nobody set a URL
        home = stack.postgres.data.parent / "standby"
        shutil.rmtree(home, ignore_errors=True)
        end.callback(shutil.rmtree, home, ignore_errors=True)
        standby = standby_of(stack.postgres, home)
        end.callback(standby.stop)
        parts = urlsplit(environment["DATABASE_URL"])
        there = parts._replace(netloc=parts.netloc.replace(f":{parts.port}", f":{standby.port}"))
        yield environment | {"DATABASE_REPLICA_URL": urlunsplit(there)}


@contextmanager
def _made() -> Iterator[tuple[Stack, dict[str, str]]]:
    with Stack(settings.VAR_DIR / "bench", explicit={}) as stack:
        owner = stack.urls["DATABASE_OWNER_URL"]
        _run(owner, "DROP DATABASE IF EXISTS {}", NAME)
        _run(owner, "CREATE DATABASE {} TEMPLATE template0", NAME)
        _run(owner, "REVOKE ALL ON DATABASE {} FROM PUBLIC", NAME)
        _run(owner, "GRANT CONNECT ON DATABASE {} TO {}", NAME, roles.APP)
        try:
            environment = _environment(stack.urls)
            _fill(environment)
            yield stack, environment
        finally:
            _run(owner, "DROP DATABASE {} WITH (FORCE)", NAME)


def _fill(environment: Mapping[str, str]) -> None:
    """With the tables of this release, by this process, and the files that pages name by their hash."""
    prepare.point_django_at(environment)
    prepare.collect_static()
    with as_owner():
        prepare.migrate()
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


def manage(*arguments: str, environment: Mapping[str, str]) -> None:
    """Run a command in that environment. Raises CalledProcessError."""
    subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=dict(environment),
        check=True,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )


def _environment(urls: Mapping[str, str]) -> dict[str, str]:
    urls = {name: in_database(url) if name.startswith("DATABASE") else url for name, url in urls.items()}
    path = f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    ours = {"ENVIRONMENT": "development", "PATH": path, "PORT": str(free_port(0)), "WEB_HOST": HOST}
    ours["RATE_LIMITS"] = "off"  # one machine plays all customers
    quiet = {"LOG_LEVEL": "WARNING", "PYTHONWARNINGS": "ignore", "PYTHONUNBUFFERED": "1"}
    return {**os.environ, **urls, **ours, **quiet}


def in_database(url: str) -> str:
    """The URL with the scratch database in it."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, f"/{NAME}", parts.query, ""))


def _run(url: str, statement: str, *names: str) -> None:
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
