"""What a page of the catalogue takes when a replica answers it, and how long it takes a write to get there."""

import time
from collections.abc import Callable
from statistics import median
from typing import Any, NamedTuple

from django.db import connections
from django.test import Client

from cars.models import Car
from exodrive.db.replica import ALIAS, replica, showing
from exodrive.dev.bench import Fleet, repeated
from exodrive.http.display import WROTE
from exodrive.rls import STAFF, acting_as

CARS = 30
WRITES = 20
PATIENCE = 10.0  # seconds for one write, and for the standby to catch up at first
PAGE = "/en/cars/"


class NotReplicated(RuntimeError):
    """The replica was not asked, or did not get there."""


class Shown(NamedTuple):
    """Milliseconds: the page by either server, and of a write until it is seen on the replica."""

    by_primary: float
    by_replica: float
    lag: float


def measure(seconds: float) -> Shown:
    """Both pages in turns, in this process. Raises NotReplicated."""
    Fleet.make(CARS)
    _until(replica.usable)
    reader, writer = Client(HTTP_HOST="localhost"), Client(HTTP_HOST="localhost")
    writer.cookies[WROTE] = "1"
    by_primary, by_replica = [], []
    for client in (reader, writer):
        client.get(PAGE)
    for _ in repeated(2 * seconds):
        by_primary.append(_ask(writer, on_replica=False))
        by_replica.append(_ask(reader, on_replica=True))
    return Shown(median(by_primary), median(by_replica), median(_lag(n) for n in range(WRITES)))


def _ask(client: Client, *, on_replica: bool) -> float:
    asked: list[str] = []

    def note(execute: Any, statement: str, *rest: Any) -> Any:
        asked.append(statement)
        return execute(statement, *rest)

    begin = time.perf_counter()
    with connections[ALIAS].execute_wrapper(note):
        status = client.get(PAGE).status_code
    if status != 200 or bool(asked) != on_replica:
        raise NotReplicated(f"{PAGE}: {status}, {len(asked)} statements on the replica ({replica.why})")
    return 1000 * (time.perf_counter() - begin)


def _lag(number: int) -> float:
    with acting_as(STAFF):
        Car.objects.update(model=f"write {number}")
        begin = time.perf_counter()
        with showing():
            _until(lambda: Car.objects.filter(model=f"write {number}").exists())
    return 1000 * (time.perf_counter() - begin)


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise NotReplicated(replica.why or "too slow")
        time.sleep(0.001)
