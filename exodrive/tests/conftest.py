"""Folders and processes for the tests of the embedded services."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from exodrive.db import roles
from exodrive.dev.drill.provider import Provider
from exodrive.dev.drill.site import Site
from exodrive.dev.embedded.stack import Stack

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder inside the working copy. pytest's own is 0700, which the servers' account cannot enter."""
    path = ROOT / "var" / f"scratch-{uuid4().hex[:8]}"
    path.mkdir(parents=True)
    yield path
    remove_folder(path)


def remove_folder(folder: Path) -> None:
    """With the data that root had to keep elsewhere."""
    with suppress(FileNotFoundError):
        shutil.rmtree((folder / "data-folder").read_text().strip())
    shutil.rmtree(folder)


@pytest.fixture
def processes(folder: Path) -> Callable[[], list[str]]:
    """A function that lists the command lines of all processes that work in, or know about, the folder."""

    def find() -> list[str]:
        return sorted(filter(None, (_mentions(path, str(folder)) for path in Path("/proc").glob("[0-9]*"))))

    return find


def _mentions(process: Path, folder: str) -> str:
    """The command line, when the folder is in it, in the environment, or the working directory."""
    try:
        if (process / "stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return ""
        command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        known = command + (process / "environ").read_bytes().decode(errors="replace")
        known += str((process / "cwd").readlink())
    except OSError:
        return ""  # gone, or another user's
    return command if folder in known else ""


@pytest.fixture
def gone(processes: Callable[[], list[str]]) -> Callable[[], list[str]]:
    """A function that waits up to 15 s for all those processes to end and returns those that did not."""

    def wait() -> list[str]:
        deadline = time.monotonic() + 15
        while (left := processes()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return left

    return wait


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a superuser on a server of its own: roles are cluster-wide."""
    folder = ROOT / "var" / f"scratch-{uuid4().hex[:8]}"
    with Stack(folder, explicit={"REDIS_URL": "redis://none"}, disposable=True, ports=(0, 0)) as stack:
        url = stack.urls["DATABASE_OWNER_URL"]
        yield roles.url_for(url, login="postgres", password=stack.password("postgres"), database="postgres")
    remove_folder(folder)


@pytest.fixture
def bare(server: str) -> str:
    """The same server without our roles and databases."""
    return emptied(server)


def emptied(server: str) -> str:
    """Drop our databases and roles; the URL of the server."""
    with psycopg.connect(server, autocommit=True) as connection:
        for name in ("exodrive", "rentals"):
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        for role in (*roles.LOGINS, *roles.ROLES, "admin"):
            connection.execute(f"DROP ROLE IF EXISTS {role}")
    return server


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    """Where the mails of `whole_site` go."""
    with Provider() as provider:
        yield provider


@pytest.fixture(scope="session")
def whole_site(provider: Provider) -> Iterator[Site]:
    """Services and database of a site with two cars, without any process: for tests that start and end those."""
    folder = ROOT / "var" / f"scratch-{uuid4().hex[:8]}"
    # A mail waits for as long as a test wants, and is tried again at once; what a dead worker had is free soon.
    mails = {"MAIL_TIMEOUT": "60", "MAIL_RETRY_SECONDS": "1,1,1,1", "MAIL_CLAIM_SECONDS": "3"}
    with Site(folder, cars=2, **mails, **provider.environment) as site:
        yield site
    remove_folder(folder)
