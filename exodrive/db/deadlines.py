"""How long PostgreSQL may keep somebody waiting, measured on our side.

A server that hangs (stopped, frozen disk, dead network) acknowledges every byte and answers none, so none of libpq's and
none of the server's own time-outs fires. Here every wait has an end: a request has REQUEST_PATIENCE seconds from its
beginning, after which each further statement has GRACE (a slow machine is not a server that hangs); elsewhere each
statement has DATABASE_PATIENCE. Who ran out of it asks once whether the server answers at all. If not, nobody in this
process asks for PAUSE seconds: without that, requests that queue for a thread would add up their waiting.
"""

import logging
import select
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from exodrive.db.bounded import Away, Bounded, Failed

log = logging.getLogger(__name__)

GRACE = 0.25  # seconds
PAUSE = 1.0  # seconds
CHECK = 1.0  # seconds for a connection that was idle to show that it works
FRESH = 5.0  # seconds after an answer in which a connection with nothing to read is taken to work
PROBE = 0.5  # seconds for the question whether the server answers

_ends: ContextVar[float | None] = ContextVar("patience_ends", default=None)  # monotonic clock


class TimeoutMiddleware:
    """The request's time starts here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reset = _ends.set(time.monotonic() + settings.REQUEST_PATIENCE)
        try:
            return self.get_response(request)
        finally:
            _ends.reset(reset)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Less patience for what should be quick."""
    soon, ends = time.monotonic() + seconds, _ends.get()
    reset = _ends.set(soon if ends is None else min(ends, soon))
    try:
        yield
    finally:
        _ends.reset(reset)


def left() -> float:
    """Seconds that one more statement may take."""
    ends = _ends.get()
    return settings.DATABASE_PATIENCE if ends is None else max(ends - time.monotonic(), GRACE)


class TimeoutConnection(psycopg.Connection[Any]):
    """A connection that is closed when the server does not answer in time; the error is an OperationalError."""

    _answered = float("-inf")  # monotonic clock

    def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        """As psycopg's. The pool asks by an empty statement whether a connection works; that is sent if there is a doubt."""
        if query == "" and self._surely_works():
            return self.cursor()
        return super().execute(query, *args, **kwargs)

    def _surely_works(self) -> bool:
        """Whether the server answered a moment ago and said nothing since: who ends a session says so, or hangs up."""
        if self.closed or time.monotonic() > self._answered + FRESH:
            return False
        waiting = select.poll()
        waiting.register(self.pgconn.socket, select.POLLIN)
        return not waiting.poll(0)

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Every conversation with the server passes here."""
        seconds = left() if timeout is None else min(timeout, left())
        ends = time.monotonic() + seconds
        try:
            answer = super().wait(gen, interval, seconds)
            self._answered = time.monotonic()
            return answer
        except psycopg.OperationalError:
            if time.monotonic() >= ends:
                self.pgconn.finish()  # what comes now would be the answer to this question, not to the next one
                gate.doubt()
            raise


class Gate:
    """Closed while the server does not answer. Behind it somebody looks once per PAUSE whether it is back."""

    def __init__(self) -> None:
        self.closed_until = 0.0  # monotonic clock; 0 for open
        self._asking = threading.Lock()

    def pass_through(self) -> None:
        """Return when the server may be asked. Raises OperationalError when it did not answer a moment ago."""
        if not self.closed_until:
            return
        if time.monotonic() >= self.closed_until and self._asking.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._asking.release()
        if self.closed_until:
            raise psycopg.OperationalError("the database did not answer a moment ago")

    def doubt(self) -> None:
        """Somebody waited in vain, for the server or for a lock: look which it was, unless that is known."""
        if time.monotonic() >= self.closed_until and self._asking.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._asking.release()

    def _look(self) -> None:
        closed = bool(self.closed_until)
        try:
            with Bounded(seconds=PROBE) as database:
                database.rows("SELECT 1")
        except (Away, Failed) as error:
            self.closed_until = time.monotonic() + PAUSE
            if not closed:
                log.error("database does not answer (%s): not asking it for a while", error)
        else:
            self.closed_until = 0.0
            if closed:
                log.warning("database answers again")


gate = Gate()
