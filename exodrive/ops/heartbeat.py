"""Worker and beat say twice a minute that they are alive, into the database: Redis may be away.

A thread of its own with a connection of its own for a moment: what the process waits for (Redis, a long task) does not
stop it, and nothing of Django's is touched in a process that forks.
"""

import logging
import threading

from exodrive.db.bounded import Away, Bounded, Failed

log = logging.getLogger(__name__)

EVERY = 30.0  # seconds
OLD = 100.0  # seconds after which a process counts as gone: three beats were missed
TIMEOUT = 5.0  # seconds for one beat
BEAT = """
SET LOCAL ROLE exo_service;
INSERT INTO heartbeats (name, started_at, beat_at) VALUES ('{name}', now(), now())
ON CONFLICT (name) DO UPDATE SET beat_at = now(){again}
"""
NEW_START = ", started_at = now()"


def beat(name: str, *, first: bool = False) -> bool:
    """Write one sign of life; False when the database is away (which is not this thread's to report)."""
    try:
        with Bounded(seconds=TIMEOUT) as database:
            database.rows(BEAT.format(name=name, again=NEW_START if first else ""))
    except (Away, Failed) as error:
        log.warning("The heartbeat of %s was not written down: %s", name, error)
        return False
    return True


def start(name: str, *, stopped: threading.Event | None = None) -> threading.Thread:
    """Beat until the process ends. `name` is one of our own: worker, beat."""
    stopped = stopped or threading.Event()

    def run() -> None:
        first = True
        while True:
            first = not beat(name, first=first) and first
            if stopped.wait(EVERY):
                return

    thread = threading.Thread(target=run, name=f"heartbeat of {name}", daemon=True)
    thread.start()
    return thread
