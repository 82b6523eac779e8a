"""Rate limits for the tests that want them; everywhere else they are off."""

import re
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from redis.connection import Connection

from exodrive.cache import client
from exodrive.limits import rates

COMMAND = re.compile(rb"\*\d+\r\n\$\d+\r\n([A-Z]+)")  # the first word of each


def counted() -> list[bytes]:
    """The keys that limits have in Redis."""
    return list(client.client().scan_iter(f"{settings.REDIS_PREFIX}:limit:*"))


def forget_everything() -> None:
    """As after a start of the process: no connection, no count in memory, Redis is asked again."""
    for kept in (client.client, rates._shared, rates._own):
        kept.cache_clear()
    client.breaker.closed_until = 0.0


@pytest.fixture
def fresh_redis() -> Iterator[None]:
    """Connect anew before and after: for tests with another REDIS_URL."""
    forget_everything()
    yield
    forget_everything()


@pytest.fixture
def round_trips(monkeypatch: pytest.MonkeyPatch, fresh_redis: None) -> list[list[str]]:
    """The commands of each message that goes to Redis from now on, by whatever client of this process."""
    sent: list[list[str]] = []
    client.client().ping()
    send = Connection.send_packed_command

    def noted(self: Connection, command: Any, *args: Any, **kwargs: Any) -> None:
        data = b"".join([command] if isinstance(command, bytes) else command)
        sent.append([name.decode() for name in COMMAND.findall(data)])
        send(self, command, *args, **kwargs)

    monkeypatch.setattr(Connection, "send_packed_command", noted)
    return sent


@pytest.fixture
def away(settings: Any, fresh_redis: None) -> Iterator[None]:
    """A Redis that refuses connections."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.REDIS_URL = f"redis://127.0.0.1:{closed.getsockname()[1]}/0"
        yield


@pytest.fixture
def hanging(settings: Any, fresh_redis: None) -> Iterator[None]:
    """A Redis that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        settings.REDIS_URL = f"redis://127.0.0.1:{deaf.getsockname()[1]}/0"
        yield


@pytest.fixture
def limits(settings: Any) -> Iterator[Callable[..., None]]:
    """`limits(hold="2/minute")`: these rules hold, all others have no limit. Counts of earlier tests are gone."""

    def put(**rules: str) -> None:
        settings.RATE_LIMITS = rules

    forget_everything()
    _clear()
    yield put
    client.breaker.closed_until = 0.0
    if rates._own.cache_info().currsize:
        rates._own().storage.reset()


def _clear() -> None:
    if keys := counted():
        client.client().delete(*keys)
