"""The Redis lock: an early, polite refusal of a double click. Correctness never rests on it.

Redis slow or away costs at most two short time-outs once, then Redis is not asked for five seconds.
"""

import hashlib
import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import redis
from django.conf import settings

log = logging.getLogger(__name__)

LOCK_SECONDS = 30
PAUSE_SECONDS = 5.0
RELEASE_OWN = (
    "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end"
)


class Held(Exception):
    """Somebody else has the lock."""


class _Breaker:
    """Remembers for a while that Redis did not answer."""

    closed_until = 0.0

    def is_open(self) -> bool:
        return time.monotonic() >= self.closed_until

    def trip(self) -> None:
        self.closed_until = time.monotonic() + PAUSE_SECONDS


breaker = _Breaker()


@cache
def client() -> Any:
    """A Redis client that gives up after `settings.REDIS_TIMEOUT` and never retries."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=settings.REDIS_TIMEOUT,
        socket_connect_timeout=settings.REDIS_TIMEOUT,
        retry=None,
    )


def lock_key(car_id: int, days: Any) -> str:
    """`lock:car:{car_id}:{hash(start..end)}`. Different ranges have different locks, on purpose."""
    digest = hashlib.sha256(str(days).encode()).hexdigest()[:16]
    return f"{settings.REDIS_PREFIX}:lock:car:{car_id}:{digest}"


@contextmanager
def car_lock(car_id: int, days: Any) -> Iterator[None]:
    """Hold the lock of a car and a range of days for the block. Raises Held; goes on without Redis."""
    key, owner = lock_key(car_id, days), secrets.token_hex(8)
    mine = _ask(lambda: client().set(key, owner, nx=True, ex=LOCK_SECONDS))
    if mine is False:
        raise Held(key)
    try:
        yield
    finally:
        if mine:
            _ask(lambda: client().eval(RELEASE_OWN, 1, key, owner))


def _ask(question: Any) -> bool | None:
    """Redis's yes or no, or None where it is not there."""
    if not breaker.is_open():
        return None
    try:
        return bool(question())
    except redis.RedisError as error:
        breaker.trip()
        log.warning("redis away (%s): going on without the courtesy lock", type(error).__name__)
        return None
