"""The embedded PostgreSQL and Valkey survive what machines and people do to them."""

import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import redis

from exodrive.dev.embedded.process import HOST, StackError
from exodrive.dev.embedded.stack import Busy, Stack
from exodrive.dev.embedded.surroundings import explicit_urls, services_env

ROOT = Path(__file__).resolve().parents[3]
HOLD = """
import sys, time
from pathlib import Path
from exodrive.dev.embedded.stack import Stack
with Stack(Path(sys.argv[1]), explicit={}, ports=(0, 0)) as stack:
    print(stack.urls["DATABASE_OWNER_URL"], flush=True)
    time.sleep(60)
"""


def stack(folder: Path, **options: object) -> Stack:
    return Stack(folder, explicit={}, **{"ports": (0, 0), **options})


def data_of(folder: Path) -> Path:
    """Root keeps the data outside a folder that the servers' account cannot enter."""
    elsewhere = folder / "data-folder"
    return Path(elsewhere.read_text().strip() if elsewhere.exists() else folder) / "postgres"


def query(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def launcher(folder: Path, gone: Callable[[], list[str]]) -> Iterator[subprocess.Popen[str]]:
    """Another process that runs the services in the folder; its first line is the owner's URL."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.communicate()
    gone()


def test_services_answer_and_their_urls_are_private(folder: Path, gone: Callable[[], list[str]]) -> None:
    with stack(folder) as running:
        assert query(running.urls["DATABASE_URL"], "SELECT current_user, lower('ÄÉ')") == [("exo_app", "äé")]
        assert query(running.urls["DATABASE_OWNER_URL"], "SELECT current_user") == [("exo_owner",)]
        with closing(redis.Redis.from_url(running.urls["REDIS_URL"])) as client:
            assert client.ping() is True
        assert services_env(folder) == running.urls
        assert stat.S_IMODE((folder / "services.env").stat().st_mode) == 0o600
        assert stat.S_IMODE((folder / "passwords.json").stat().st_mode) == 0o600
    assert (services_env(folder), gone()) == ({}, [])


def test_logins_are_limited_and_locked(folder: Path) -> None:
    with stack(folder) as running:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            query(running.urls["DATABASE_URL"], "CREATE TABLE mine (id int)")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(running.urls["DATABASE_URL"], password="guess")
        server = running.urls["REDIS_URL"].rpartition("@")[2]
        with (
            closing(redis.Redis.from_url(f"redis://:guess@{server}")) as client,
            pytest.raises(redis.AuthenticationError),
        ):
            client.ping()


def test_taken_ports_are_avoided(folder: Path) -> None:
    with socket.create_server((HOST, 0)) as one, socket.create_server((HOST, 0)) as other:
        taken = (one.getsockname()[1], other.getsockname()[1])
        with stack(folder, ports=taken) as running:
            assert query(running.urls["DATABASE_URL"], "SELECT 1") == [(1,)]
            assert [str(port) in url for port, url in zip(taken, running.urls.values(), strict=False)] == [
                False,
                False,
            ]


def test_a_second_launcher_is_told_who_runs(folder: Path, launcher: subprocess.Popen[str]) -> None:
    launcher.stdout.readline()
    with pytest.raises(Busy, match=f"already runs from this folder \\(process {launcher.pid}\\)"):
        stack(folder).__enter__()
    assert launcher.poll() is None


def test_a_killed_launcher_leaves_nothing_and_loses_nothing(
    folder: Path, launcher: subprocess.Popen[str], gone: Callable[[], list[str]]
) -> None:
    owner = launcher.stdout.readline().strip()
    query(owner, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('here')")
    launcher.send_signal(signal.SIGKILL)
    launcher.wait()
    with stack(folder) as running:  # at once: the old servers may still be closing
        assert query(running.urls["DATABASE_OWNER_URL"], "SELECT word FROM kept") == [("here",)]
    assert gone() == []


def test_leftovers_do_not_stop_a_start(folder: Path) -> None:
    """An initdb that was cut off, a lock file that names a living stranger, and lost passwords."""
    (folder / "postgres.new").mkdir()
    (folder / "postgres.new" / "PG_VERSION").write_text("18\n")
    with stack(folder) as running:
        query(running.urls["DATABASE_OWNER_URL"], "CREATE TABLE kept (word text)")
    data = data_of(folder)
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    (folder / "passwords.json").unlink()
    with stack(folder) as running:
        assert query(running.urls["DATABASE_OWNER_URL"], "SELECT * FROM kept") == []


def test_data_of_another_major_version_is_left_alone(folder: Path) -> None:
    with stack(folder):
        version = data_of(folder) / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(StackError, match="made by PostgreSQL 17, this is 18"):
        stack(folder).__enter__()
    assert version.read_text() == "17\n"


def test_a_disposable_cluster_that_is_damaged_is_made_anew(folder: Path) -> None:
    with stack(folder, disposable=True):
        pass
    (data_of(folder) / "global" / "pg_control").write_bytes(b"")
    with stack(folder, disposable=True) as running:
        assert query(running.urls["DATABASE_URL"], "SELECT 1") == [(1,)]


def test_what_is_set_is_not_embedded(folder: Path, processes: Callable[[], list[str]]) -> None:
    urls = {"DATABASE_URL": "postgres://db/site", "REDIS_URL": "redis://redis/0"}
    with Stack(folder, explicit=urls) as running:
        assert (running.urls, services_env(folder), processes()) == (urls, {}, [])


def test_urls_of_a_killed_run_do_not_count_as_set(folder: Path) -> None:
    (folder / "services.env").write_text(
        "# of a killed run\nDATABASE_URL=postgres://old\nREDIS_URL=redis://old\n"
    )
    environment = {"DATABASE_URL": "postgres://old", "REDIS_URL": "redis://mine", "HOME": "/"}
    assert explicit_urls(environment, folder) == {"REDIS_URL": "redis://mine"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another account")
def test_root_runs_from_a_folder_that_nobody_else_can_enter(folder: Path) -> None:
    folder.chmod(0o700)
    inner = folder / "home" / "var"
    with stack(inner) as running:
        assert query(running.urls["DATABASE_URL"], "SELECT 1") == [(1,)]
        outside = Path((inner / "data-folder").read_text().strip())
        assert (outside / "postgres").stat().st_uid != 0
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (folder / "data-folder").write_text(str(outside))  # removed with the folder
