"""The Redis lock: an early, polite refusal of a double click. Correctness never rests on it."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from exodrive.cache.client import AWAY, ask, in_one_go, tell

LOCK_SECONDS = 30
# One that ran out may be somebody else's by now.
RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"


class Held(Exception):
    """Somebody else has the lock."""


def lock_key(car_id: int, days: Any) -> str:
    """`lock:car:{car_id}:{hash(start..end)}`. Different ranges have different locks, on purpose."""
    digest = hashlib.sha256(str(days).encode()).hexdigest()[:16]
    return f"{settings.REDIS_PREFIX}:lock:car:{car_id}:{digest}"


@contextmanager
def car_lock(car_id: int, days: Any) -> Iterator[None]:
    """Hold the lock of a car and a range of days for the block. Raises Held; goes on without Redis.

    What the block has to tell Redis (`exodrive.cache.client.tell`) goes out with the release, in one message.
    """
    key, mine = lock_key(car_id, days), secrets.token_hex(8)
    taken = ask(lambda redis: redis.set(key, mine, nx=True, ex=LOCK_SECONDS))
    if not taken:
        raise Held(key)
    with in_one_go():
        try:
            yield
        finally:
            if taken is not AWAY:
                tell(lambda pipe: pipe.eval(RELEASE, 1, key, mine))
