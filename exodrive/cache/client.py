"""Asking Redis where the answer is welcome but not needed.

Redis slow or away costs at most two short time-outs once, then Redis is not asked for five seconds.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

import redis
from django.conf import settings

log = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0


class _Breaker:
    """Remembers for a while that Redis did not answer."""

    closed_until = 0.0

    def is_open(self) -> bool:
        return time.monotonic() >= self.closed_until

    def trip(self) -> None:
        self.closed_until = time.monotonic() + PAUSE_SECONDS


breaker = _Breaker()
AWAY = object()


@cache
def client() -> Any:
    """A Redis client that gives up after `settings.REDIS_TIMEOUT` and never retries."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=settings.REDIS_TIMEOUT,
        socket_connect_timeout=settings.REDIS_TIMEOUT,
        retry=None,
    )


def ask(question: Callable[[Any], Any]) -> Any:
    """What `question(client)` answers, or AWAY where Redis is not there."""
    if not breaker.is_open():
        return AWAY
    try:
        return question(client())
    except redis.RedisError as error:
        breaker.trip()
        log.warning("redis away (%s): going on without it", type(error).__name__)
        return AWAY


Command = Callable[[Any], Any]
_told: ContextVar[list[Command] | None] = ContextVar("told", default=None)


def tell(command: Command) -> None:
    """Have Redis do `command(pipeline)`, whose answer nobody needs: now, or at the end of `in_one_go`."""
    told = _told.get()
    if told is None:
        _send([command])
    else:
        told.append(command)


@contextmanager
def in_one_go() -> Iterator[None]:
    """What is told in the block is sent at its end, in its order, in one message; also when the block fails."""
    told: list[Command] = []
    reset = _told.set(told)
    try:
        yield
    finally:
        _told.reset(reset)
        _send(told)


def _send(commands: list[Command]) -> None:
    def sent(redis: Any) -> None:
        with redis.pipeline(transaction=False) as pipe:
            for command in commands:
                command(pipe)
            pipe.execute()

    if commands:
        ask(sent)
