"""The catalogue from a streaming replica: two real servers, and a replica that is slow, stopped, hung and promoted."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client

from cars.models import Car
from exodrive.db import replica as module
from exodrive.db.deadlines import TimeoutConnection
from exodrive.db.replica import ALIAS, Replica, Router, position, replica, showing
from exodrive.dev import schema
from exodrive.dev.demo.writing import write_fleet
from exodrive.dev.embedded import postgres
from exodrive.dev.embedded.process import descendants
from exodrive.dev.embedded.stack import Stack
from exodrive.dev.embedded.standby import standby_of
from exodrive.http.display import WROTE
from exodrive.rls import as_owner

LAG = 0.5  # seconds
PAGE = "/en/cars/"


class Pair:
    """A primary where Django writes, and its standby."""

    def __init__(self, primary: postgres.Postgres, standby: postgres.Postgres) -> None:
        self.primary, self.standby = primary, standby

    def on_standby(self, statement: str) -> Any:
        """As the superuser."""
        with psycopg.connect(self.standby.admin_url, autocommit=True) as database:
            return database.execute(statement).fetchone()

    def rename(self, name: str) -> None:
        """Write on the primary."""
        with as_owner():
            Car.objects.update(model=name)

    def caught_up(self) -> None:
        """Wait until the standby has all of it."""
        deadline = time.monotonic() + 30
        with psycopg.connect(self.primary.admin_url, autocommit=True) as database:
            (written,) = database.execute("SELECT pg_current_wal_lsn()").fetchone()
        while position(self.on_standby("SELECT pg_last_wal_replay_lsn()::text")[0]) < position(written):
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def cut(self, signum: int) -> None:
        """To every process of the standby."""
        for pid in [self.standby.pid, *descendants(self.standby.pid)]:
            with suppress(ProcessLookupError):  # one that served a connection and was about to end
                os.kill(pid, signum)


@pytest.fixture
def pair(folder: Path, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    """Django between two servers with a demo car, as DATABASE_URL and DATABASE_REPLICA_URL make it."""
    with (
        Stack(folder, explicit={"REDIS_URL": settings.REDIS_URL}, disposable=True, ports=(0, 0)) as stack,
        django_db_blocker.unblock(),
    ):
        assert stack.postgres is not None
        with _default_at(stack.urls["DATABASE_OWNER_URL"]):
            with as_owner():
                assert schema.load()
                call_command("migrate", verbosity=0, interactive=False)  # what is newer than the file
                write_fleet()
            standby = standby_of(stack.postgres, folder / "standby")
            try:
                pair = Pair(stack.postgres, standby)
                pair.caught_up()
                pool = {"min_size": 1, "max_size": 2, "timeout": 0.5, "connection_class": TimeoutConnection}
                options = {**connection.settings_dict["OPTIONS"], "pool": pool, "connect_timeout": 2}
                connections.settings[ALIAS] = {
                    **connection.settings_dict,
                    "PORT": standby.port,
                    "OPTIONS": options,
                }
                for name, value in (("DATABASE_REPLICA_MAX_LAG", LAG), ("DATABASE_REPLICA_URL", "set")):
                    monkeypatch.setattr(settings, name, value, raising=False)
                monkeypatch.setattr(module, "LOOK_EVERY", 0.05)
                monkeypatch.setattr(module, "PAUSE", 0.1)
                replica.__init__()
                yield pair
            finally:
                connections[ALIAS].close()
                connections[ALIAS].close_pool()
                del connections[ALIAS], connections.settings[ALIAS]
                standby.stop()
                replica.__init__()


@contextmanager
def _default_at(url: str) -> Iterator[None]:
    parts, kept = urlsplit(url), dict(connection.settings_dict)
    connection.close()
    connection.settings_dict |= {
        "NAME": parts.path[1:], "USER": parts.username, "PASSWORD": parts.password, "PORT": parts.port,
    }  # fmt: skip
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(kept)


def shown(client: Client, path: str = PAGE) -> tuple[str, int]:
    """The page, and how many of its statements went to the replica."""
    asked: list[str] = []

    def note(execute: Any, statement: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(statement)
        return execute(statement, params, many, context)

    with connections[ALIAS].execute_wrapper(note):
        response = client.get(path)
    assert response.status_code == 200
    return response.content.decode(), len(asked)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_is_shown_comes_from_a_replica_that_keeps_up(pair: Pair) -> None:
    """One long test: two servers are the slow part of all of these."""
    until(replica.usable)
    assert shown(Client())[1] > 0

    # Who wrote something sees it at once, and so does whoever has a hold or is signed in.
    client = Client()
    assert client.post("/en/link/", {"email": "somebody@example.com"}).cookies[WROTE]["max-age"] == 60
    assert shown(client)[1] == 0
    held = Client()
    held.cookies["hold"] = "x"
    assert shown(held)[1] == 0
    assert shown(Client(), "/en/terms/")[1] == 0

    _slow(pair)
    _hung(pair)
    _stopped(pair)
    _promoted(pair)


def _slow(pair: Pair) -> None:
    """It replays nothing: after the bound nobody sees what is old."""
    pair.on_standby("SELECT pg_wal_replay_pause()")
    until(replica.usable)
    pair.rename("Written Since")
    assert "Written Since" not in shown(Client())[0]  # within the bound: what a replica is
    until(lambda: not replica.usable())
    assert replica.why == "lagging"
    page, asked = shown(Client())
    assert ("Written Since" in page, asked) == (True, 0)
    pair.on_standby("SELECT pg_wal_replay_resume()")
    until(replica.usable)
    page, asked = shown(Client())
    assert "Written Since" in page
    assert asked > 0


def _hung(pair: Pair) -> None:
    """It takes connections and says nothing, in the middle of a page."""
    until(replica.usable)
    pair.cut(signal.SIGSTOP)
    try:
        replica.why, replica._next = "", time.monotonic() + 60  # nobody has noticed yet
        assert "Written Since" in Client().get(PAGE).content.decode()
        assert replica.why == "failed"
        until(lambda: not replica.usable() and replica.why == "away")
    finally:
        pair.cut(signal.SIGCONT)
    connections[ALIAS].close()
    until(replica.usable)


def _stopped(pair: Pair) -> None:
    """It is gone, and nobody has noticed; then it is back."""
    until(replica.usable)
    pair.standby.stop()
    replica.why, replica._next = "", time.monotonic() + 60
    assert "Written Since" in Client().get(PAGE).content.decode()
    assert replica.why == "failed"
    until(lambda: not replica.usable() and replica.why == "away")
    pair.standby.start(again=True)
    connections[ALIAS].close()
    until(replica.usable)


def _promoted(pair: Pair) -> None:
    """It is a server of its own now, which knows nothing of what is booked."""
    assert pair.on_standby("SELECT pg_promote()") == (True,)
    until(lambda: not replica.usable())
    until(lambda: not replica.usable() and replica.why == "promoted")
    pair.rename("After The Promotion")
    page, asked = shown(Client())
    assert ("After The Promotion" in page, asked) == (True, 0)


def test_without_a_replica_nothing_changes(client: Client, db: None) -> None:
    assert not replica.usable()
    assert client.get(PAGE).status_code == 200
    assert WROTE not in client.post("/en/link/", {"email": "somebody@example.com"}).cookies


def test_only_reads_of_what_is_shown_are_routed() -> None:
    router = Router()
    assert (router.db_for_read(Car), router.db_for_write(Car)) == ("default", "default")
    with showing():
        assert (router.db_for_read(Car), router.db_for_write(Car)) == (ALIAS, "default")
    assert (router.allow_migrate(ALIAS, "cars"), router.allow_migrate("default", "cars")) == (False, True)


def test_lag_is_measured_by_what_the_primary_had_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """A standby that lost its primary replays nothing and would call itself up to date."""
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    one = Replica()
    one._written.extend([(90.0, position("0/100")), (95.0, position("0/200")), (99.0, position("1/0"))])
    assert one._lag(position("0/200")) == 5.0
    assert one._lag(position("1/0")) == 1.0
    assert one._lag(position("0/FF")) == float("inf")
    assert position(None) == 0
    assert timedelta(seconds=settings.DATABASE_REPLICA_MAX_LAG) <= timedelta(seconds=5)
