"""A database connection of its own that keeps a deadline, whatever the server does.

Django's connections wait for a server that hangs (stopped, or behind a dead network) until the kernel gives up. Who
reports health, and threads beside the work, must not: here libpq is driven by hand and left at the deadline. Only the
look-up of the server's name is outside of it.
"""

import time
from types import TracebackType
from typing import Any

from django.db import connection as default
from django.db import connections
from psycopg import OperationalError, pq, waiting
from psycopg.abc import PQGen
from psycopg.conninfo import make_conninfo

OURS = {"options", "connect_timeout"}  # what this module sets, or does without
LIBPQ = {option.keyword.decode() for option in pq.Conninfo.get_defaults()} - OURS


class Away(Exception):
    """The server did not answer in time, or refused. The message is a word for people, without names or addresses."""


class Failed(Exception):
    """The server answered the query with an error; `sqlstate` says which."""

    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate
        super().__init__(sqlstate)


def own_conninfo() -> str:
    """How Django reaches the default database."""
    return conninfo_of("default")


def conninfo_of(alias: str) -> str:
    """How Django reaches a database, for libpq: without Django's own options."""
    given = connections[alias].settings_dict
    names = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    parts = {name: given[key] for name, key in names.items() if given.get(key)}
    extra = {name: value for name, value in given["OPTIONS"].items() if name in LIBPQ}
    return make_conninfo("", **{**extra, **parts})


class Bounded:
    """`with Bounded(seconds=1) as database: database.rows("SELECT 1")`. The deadline counts from entering.

    Raises Away on entering and asking. Runs as the login role until told otherwise; every statement is a transaction.
    """

    def __init__(self, *, seconds: float, conninfo: str = "") -> None:
        self.seconds = seconds
        self.conninfo = conninfo or own_conninfo()
        if not default.settings_dict.get("POOLER"):  # which would refuse options
            # The server, too, gives up what nobody waits for any more.
            options = f"-c statement_timeout={max(int(seconds * 1000), 1)} -c timezone=UTC"
            self.conninfo = make_conninfo(self.conninfo, options=options)

    def __enter__(self) -> "Bounded":
        self.deadline = time.monotonic() + self.seconds
        self.pg = pq.PGconn.connect_start(self.conninfo.encode())
        try:
            self._connect()
        except BaseException:
            self.pg.finish()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pg.finish()

    def rows(self, statement: str) -> list[tuple[str | None, ...]]:
        """Rows of the last of the statements, as text. Raises Away, Failed."""
        try:
            return self._ask(statement)
        except OperationalError as error:
            raise Away("broken") from error

    def _ask(self, statement: str) -> list[tuple[str | None, ...]]:
        self.pg.nonblocking = 1
        self.pg.send_query(statement.encode())
        while self.pg.flush():
            self._wait(write=True)
        found: list[tuple[str | None, ...]] = []
        failed: str | None = None  # read to the end all the same: else the next question is in its way
        while (result := self._result()) is not None:
            if result.status == pq.ExecStatus.FATAL_ERROR:
                code = result.error_field(pq.DiagnosticField.SQLSTATE)
                failed = (code or b"").decode()
                continue
            found = [
                tuple(_text(result.get_value(row, column)) for column in range(result.nfields))
                for row in range(result.ntuples)
            ]
        if failed is not None:
            raise Failed(failed)
        return found

    def _connect(self) -> None:
        while True:
            if self.pg.status == pq.ConnStatus.BAD:
                raise Away("refused")
            step = self.pg.connect_poll()
            if step == pq.PollingStatus.OK:
                return
            if step == pq.PollingStatus.FAILED:
                raise Away("refused")
            self._wait(write=step == pq.PollingStatus.WRITING)

    def _result(self) -> Any:
        while self.pg.is_busy():
            self._wait(write=False)
            self.pg.consume_input()
        return self.pg.get_result()

    def _wait(self, *, write: bool) -> None:
        left = max(self.deadline - time.monotonic(), 0)
        event = _event(waiting.Wait.W if write else waiting.Wait.R)
        try:
            ready = waiting.wait(event, self.pg.socket, interval=left)
        except OperationalError as error:
            raise Away("broken") from error
        if not ready:
            raise Away("timeout")


def _event(wanted: waiting.Wait) -> PQGen[waiting.Ready | int]:
    """What psycopg shall wait for, once; it returns what came, nothing when none came in time."""
    return (yield wanted)


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode()
