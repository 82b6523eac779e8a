"""The Redis lock: an early, polite refusal of a double click. Correctness never rests on it."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from exodrive.cache.client import AWAY, ask

LOCK_SECONDS = 30
RELEASE_OWN = (
    "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end"
)


class Held(Exception):
    """Somebody else has the lock."""


def lock_key(car_id: int, days: Any) -> str:
    """`lock:car:{car_id}:{hash(start..end)}`. Different ranges have different locks, on purpose."""
    digest = hashlib.sha256(str(days).encode()).hexdigest()[:16]
    return f"{settings.REDIS_PREFIX}:lock:car:{car_id}:{digest}"


@contextmanager
def car_lock(car_id: int, days: Any) -> Iterator[None]:
    """Hold the lock of a car and a range of days for the block. Raises Held; goes on without Redis."""
    key, owner = lock_key(car_id, days), secrets.token_hex(8)
    mine = ask(lambda redis: redis.set(key, owner, nx=True, ex=LOCK_SECONDS))
    if not mine:
        raise Held(key)
    try:
        yield
    finally:
        if mine is not AWAY:
            ask(lambda redis: redis.eval(RELEASE_OWN, 1, key, owner))
