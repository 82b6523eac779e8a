"""Counting what happens (refusals by code, error answers) without slowing down who makes it happen.

A count is a number in this process's memory. A thread writes what came together into `event_counts` now and then, with
a connection of its own: never in anybody's transaction, and a count that is lost with a killed process is no harm.
"""

import atexit
import logging
import re
import threading
from collections import Counter

from django.conf import settings

from exodrive.db.bounded import Away, Bounded, Failed

log = logging.getLogger(__name__)

EVERY = 30.0  # seconds between two writes
TIMEOUT = 2.0  # seconds for one
MAX_COUNT = 1_000_000  # of one kind in one write, as the table's policy has it
WORD = re.compile(r"[a-z0-9_]{1,40}")
INSERT = "INSERT INTO event_counts (id, name, code, count) VALUES "

_automatic = not settings.TESTING  # once: some tests act as production
_counts: Counter[tuple[str, str]] = Counter()
_lock = threading.Lock()
_writing = threading.Lock()
_writer: threading.Thread | None = None
_stopped = threading.Event()  # nobody but tests stops it


def count(name: str, code: str) -> None:
    """One more of `name` with `code`, both words of ours (letters, digits, underscores). Costs microseconds."""
    if not (WORD.fullmatch(name) and WORD.fullmatch(code)):
        raise ValueError(f"{name} {code}")
    with _lock:
        _counts[name, code] += 1
    if _automatic:
        _write_now_and_then()


def flush() -> int:
    """Write down what was counted since the last time; how many rows. With the database away it is kept for later."""
    with _writing:
        with _lock:
            taken = dict(_counts)
            _counts.clear()
        if not taken:
            return 0
        values = ", ".join(
            f"(gen_random_uuid(), '{name}', '{code}', {min(number, MAX_COUNT)})"
            for (name, code), number in sorted(taken.items())
        )
        try:
            with Bounded(seconds=TIMEOUT) as database:
                database.rows(f"SET LOCAL ROLE exo_public; {INSERT}{values}")
        except (Away, Failed) as error:
            log.warning("Counts were not written down: %s", error)
            with _lock:
                _counts.update(taken)
            return 0
        return len(taken)


def _write_now_and_then() -> None:
    """Start the writer, once in each process: a fork has no threads but remembers the parent's."""
    global _writer
    if _writer is None or not _writer.is_alive():
        with _lock:
            if _writer is None or not _writer.is_alive():
                _writer = threading.Thread(
                    target=_write_for_ever, args=[_stopped], name="counters", daemon=True
                )
                _writer.start()
                atexit.register(flush)


def _write_for_ever(stopped: threading.Event) -> None:
    while not stopped.wait(EVERY):
        flush()
