"""A database that hangs is noticed on our side: every wait has an end, and nobody waits in a queue for it."""

import socket
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import OperationalError as DjangoOperationalError
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from psycopg.conninfo import make_conninfo

from exodrive.db import deadlines
from exodrive.db.bounded import own_conninfo
from exodrive.db.deadlines import Gate, TimeoutConnection, TimeoutMiddleware, gate, left
from exodrive.errors import MayBeSaved, Unavailable, unavailable
from exodrive.rls import PUBLIC, acting_as

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def open_gate() -> Iterator[None]:
    yield
    gate.closed_until = 0.0


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    """The question whether the server answers goes to one that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        elsewhere = f"host=127.0.0.1 port={server.getsockname()[1]} user=exo_app dbname=x"
        monkeypatch.setattr(deadlines, "PROBE", 0.1)
        monkeypatch.setattr(deadlines, "PAUSE", 600.0)  # longer than a slow machine needs for a test
        monkeypatch.setattr("exodrive.db.bounded.own_conninfo", lambda: elsewhere)
        yield


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[Gate]:
    """The gates at which somebody looked, once for each time."""
    found: list[Gate] = []
    look = Gate._look

    def counted(self: Gate) -> None:
        found.append(self)
        look(self)

    monkeypatch.setattr(Gate, "_look", counted)
    return found


def in_a_request(ask):
    """What `ask()` returns while a request is being answered."""
    answers = []

    def view(request: HttpRequest) -> HttpResponse:
        answers.append(ask())
        return HttpResponse()

    TimeoutMiddleware(view)(RequestFactory().get("/"))
    return answers[0]


def test_a_request_has_less_and_less_time_but_always_some(settings):
    settings.REQUEST_PATIENCE, settings.DATABASE_PATIENCE = 100.0, 7.0
    first, second = in_a_request(lambda: (left(), left()))
    assert 100 >= first > second > deadlines.GRACE
    settings.REQUEST_PATIENCE = -1.0
    assert in_a_request(left) == deadlines.GRACE
    assert left() == 7.0


def test_a_statement_that_takes_too_long_is_left_and_its_connection_closed(settings):
    settings.DATABASE_PATIENCE = 0.2
    nobody_waits = make_conninfo(own_conninfo(), options="-c client_connection_check_interval=50")
    with TimeoutConnection.connect(nobody_waits) as database:
        with pytest.raises(psycopg.OperationalError):
            database.execute("SELECT pg_sleep(30)")
        assert database.closed
    assert not gate.closed_until, "the server answers: it was only this statement"


def test_a_statement_in_time_is_left_alone(settings):
    settings.DATABASE_PATIENCE = 30.0
    with TimeoutConnection.connect(own_conninfo()) as database:
        assert database.execute("SELECT pg_sleep(0.3), 7").fetchone()[1] == 7


def test_a_server_that_does_not_answer_is_not_asked_for_a_while(deaf, looked):
    gate.doubt()
    assert looked == [gate]
    connection.close()
    with acting_as(PUBLIC), pytest.raises(DjangoOperationalError, match="did not answer a moment ago"):
        connection.cursor()
    assert looked == [gate]


def test_somebody_looks_whether_it_is_back(monkeypatch):
    gate.closed_until = time.monotonic() - 1
    connection.close()
    with acting_as(PUBLIC), connection.cursor() as cursor:
        cursor.execute("SELECT 7")
        assert cursor.fetchone() == (7,)
    assert not gate.closed_until


def test_one_looks_while_the_others_are_refused_at_once(deaf, looked):
    """Negative control of the lock: nine requests that all looked would take nine times as long in one thread pool."""
    door, refused = Gate(), []
    door.closed_until = time.monotonic() - 1
    start = threading.Barrier(9)

    def ask():
        start.wait()
        try:
            door.pass_through()
        except psycopg.OperationalError:
            refused.append(1)

    threads = [threading.Thread(target=ask) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(refused), looked) == (9, [door])


def test_a_lost_answer_to_commit_says_that_it_may_be_saved(monkeypatch):
    def gone(self):
        connection.connection.pgconn.finish()
        raise DjangoOperationalError("lost")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper._commit", gone)
    with acting_as(PUBLIC), pytest.raises(DjangoOperationalError) as error, transaction.atomic():
        connection.cursor().execute("SELECT 1")
    assert isinstance(unavailable(error.value), MayBeSaved)
    assert type(unavailable(DjangoOperationalError("lost"))) is Unavailable
