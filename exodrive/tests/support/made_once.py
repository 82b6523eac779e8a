"""pytest plugin: rows that many tests start from, made once, in a transaction around all of these tests.

    @pytest.fixture(scope="module")
    def made(made_once):
        return made_once(World)

    @pytest.fixture
    def world(made, db):
        return own(made)

Each test runs inside a savepoint of that transaction, as always: what it writes is taken back, so it may write whatever it
likes. Three things differ from rows that a test makes itself. Every test of the module finds them in the database, once
the first has asked for them. `now()` of PostgreSQL is the moment at which the transaction began. And tests that commit
(`transaction=True`, browsers) do not belong in such a module: they would commit what the others share. One stops the run.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, TypeVar

import pytest
from django.utils import translation

from bookings.tests.support.examples import taken_back

T = TypeVar("T")
MadeOnce = Callable[[Callable[[], T]], T]


COMMITTING = {"transactional_db", "live_server"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test that commits beside tests that share rows."""
    sharing = {item.path for item in items if "made_once" in getattr(item, "fixturenames", ())}
    for item in items:
        if item.path in sharing and commits(item):
            raise pytest.UsageError(f"{item.nodeid} commits: not in a module with rows that are made once.")


def commits(item: pytest.Item) -> bool:
    """Whether what the test writes outlives it until the database is emptied."""
    mark = item.get_closest_marker("django_db")
    asked = bool(COMMITTING & set(getattr(item, "fixturenames", ())))
    return asked or (mark is not None and bool(mark.kwargs.get("transaction")))


@pytest.fixture(scope="module")
def made_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[MadeOnce[Any]]:
    """A function that calls what it is given, in English, and takes back what that wrote when the module ends."""
    around = ExitStack()

    def make(build: Callable[[], Any]) -> Any:
        with django_db_blocker.unblock(), translation.override("en"):
            return build()

    with django_db_blocker.unblock():
        around.enter_context(taken_back())
    yield make
    with django_db_blocker.unblock():
        around.close()


def own(made: T) -> T:
    """A copy for one test, which may change it: the next one starts from what was made."""
    return copy.deepcopy(made)
