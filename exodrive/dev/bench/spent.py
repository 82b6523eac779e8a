"""Processor time of this process and of PostgreSQL's sessions together: what the clock of a shared machine does not say."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from django.db import connection

from exodrive.rls import PUBLIC, acting_as

TICK = os.sysconf("SC_CLK_TCK")  # per second
T = TypeVar("T")


def in_python(call: Callable[[], T]) -> tuple[T, float]:
    """What it answers, and the seconds that this process spent on it."""
    before = time.process_time()
    answer = call()
    return answer, time.process_time() - before


class Both:
    """The same with what the sessions of a server on this machine spent, and whoever helped them in parallel."""

    def __init__(self) -> None:
        with acting_as(PUBLIC), connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (session,) = cursor.fetchone()
        self.server = int(_fields(session)[1])

    def __call__(self, call: Callable[[], T]) -> tuple[T, float]:
        """The answer and the seconds."""
        before = self._by_server()
        answer, own = in_python(call)
        return answer, own + self._by_server() - before

    def _by_server(self) -> float:
        """By those that live, by the nanosecond; by those that ended, as the kernel added it to the one that began them."""
        ended = sum(map(int, _fields(self.server)[13:15])) / TICK
        children = Path(f"/proc/{self.server}/task/{self.server}/children").read_text().split()
        return ended + sum(_seconds_of(one) for one in children)


def _fields(pid: int) -> list[str]:
    """Of /proc/PID/stat, from the state on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _seconds_of(pid: str) -> float:
    """Nothing for what the server does by itself: it writes down at its own time what was done long before."""
    try:
        title = Path(f"/proc/{pid}/cmdline").read_text()
        if connection.settings_dict["NAME"] not in title and "parallel worker" not in title:
            return 0.0
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except FileNotFoundError:
        return 0.0
