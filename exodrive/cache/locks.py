"""The Redis lock: an early, polite refusal of a double click. Correctness never rests on it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from redis.exceptions import LockError
from redis.lock import Lock

from exodrive.cache.client import AWAY, ask

LOCK_SECONDS = 30


class Held(Exception):
    """Somebody else has the lock."""


def lock_key(car_id: int, days: Any) -> str:
    """`lock:car:{car_id}:{hash(start..end)}`. Different ranges have different locks, on purpose."""
    digest = hashlib.sha256(str(days).encode()).hexdigest()[:16]
    return f"{settings.REDIS_PREFIX}:lock:car:{car_id}:{digest}"


@contextmanager
def car_lock(car_id: int, days: Any) -> Iterator[None]:
    """Hold the lock of a car and a range of days for the block. Raises Held; goes on without Redis."""
    key = lock_key(car_id, days)
    lock = ask(lambda redis: _acquired(redis.lock(key, timeout=LOCK_SECONDS, blocking=False)))
    if not lock:
        raise Held(key)
    try:
        yield
    finally:
        if lock is not AWAY:
            ask(lambda redis: _release(lock))


def _acquired(lock: Lock) -> Lock | None:
    return lock if lock.acquire() else None


def _release(lock: Lock) -> None:
    with suppress(LockError):  # it ran out, and may be somebody else's by now
        lock.release()
