"""A streaming replica that answers what is only shown: the catalogue and its calendars. Nothing is decided on it.

`DATABASE_REPLICA_URL` names it. Whether it may be asked is looked at every LOOK_EVERY seconds by one request of a process,
in PROBE seconds at most: it must still be a standby, and have replayed what the primary had written at most
`DATABASE_REPLICA_MAX_LAG` seconds ago. That is measured by positions in the primary's log, by our own clock: a standby
that has lost its primary finds itself up to date for ever. So what is shown is never older than both together.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import connections

from exodrive.db.bounded import Away, Bounded, Failed, conninfo_of

log = logging.getLogger(__name__)

ALIAS = "replica"
LOOK_EVERY = 1.0  # seconds
PROBE = 0.25  # seconds for each of the two servers
PAUSE = 5.0  # seconds without a look after one that failed
PATIENCE = 1.0  # seconds for a statement on the replica, before the primary is asked
REMEMBERED = 64  # positions of the primary

WRITTEN = "SELECT pg_current_wal_lsn()"
REPLAYED = "SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn()"

_showing: ContextVar[bool] = ContextVar("showing", default=False)


class Router:
    """Reads of what is shown go to the replica; everything else, and whatever came from it, to the primary."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """Where rows are read."""
        return ALIAS if _showing.get() else "default"

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """Also rows that were read from the replica."""
        return "default"

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """Both have the same rows."""
        return True

    def allow_migrate(self, alias: str, app_label: str, **hints: Any) -> bool:
        """The replica follows."""
        return alias == "default"


@contextmanager
def showing() -> Iterator[None]:
    """Read from the replica in this block."""
    reset = _showing.set(True)
    try:
        yield
    finally:
        _showing.reset(reset)


@contextmanager
def deciding() -> Iterator[None]:
    """Read from the primary in this block, whatever is shown around it: what is read is kept for others."""
    reset = _showing.set(False)
    try:
        yield
    finally:
        _showing.reset(reset)


def is_showing() -> bool:
    """Whether what is read now may be some seconds old, and so must not be kept for others."""
    return _showing.get()


class Replica:
    """What a process knows of it."""

    def __init__(self) -> None:
        self.why = "not looked at yet"  # it may not be asked; "" when it may
        self._next = 0.0  # monotonic clock
        self._looking = threading.Lock()
        self._written: deque[tuple[float, int]] = deque(maxlen=REMEMBERED)

    def usable(self) -> bool:
        """Whether it may be asked now. Looks when the last look is too old, unless somebody else does."""
        if ALIAS not in connections.settings:
            return False
        if time.monotonic() >= self._next and self._looking.acquire(blocking=False):
            try:
                self._decide(self._look())
            finally:
                self._looking.release()
        return not self.why and time.monotonic() < self._next + LOOK_EVERY

    def doubt(self, why: str) -> None:
        """It failed somebody: leave it alone for a while."""
        self._decide(why)

    def _decide(self, why: str) -> None:
        if bool(why) != bool(self.why):
            log.warning("replica is not asked: %s", why) if why else log.info("replica is asked")
        self.why, self._next = why, time.monotonic() + (PAUSE if why in ("away", "failed") else LOOK_EVERY)

    def _look(self) -> str:
        try:
            with Bounded(seconds=PROBE, conninfo=conninfo_of("default")) as primary:
                asked = time.monotonic()
                ((written,),) = primary.rows(WRITTEN)
            with Bounded(seconds=PROBE, conninfo=conninfo_of(ALIAS)) as standby:
                ((recovering, replayed),) = standby.rows(REPLAYED)
        except (Away, Failed):
            return "away"
        self._written.append((asked, position(written)))
        if recovering != "t":
            return "promoted"
        lag = self._lag(position(replayed))
        return "" if lag <= settings.DATABASE_REPLICA_MAX_LAG else "lagging"

    def _lag(self, replayed: int) -> float:
        """Seconds since the primary was last seen at a position that the replica has reached."""
        reached = [at for at, written in self._written if written <= replayed]
        return time.monotonic() - max(reached) if reached else float("inf")


def position(text: str | None) -> int:
    """A position in the log, as PostgreSQL writes it (`16/B374D848`), in bytes."""
    high, _, low = (text or "0/0").partition("/")
    return (int(high, 16) << 32) + int(low, 16)


replica = Replica()
