"""What is broken, in which order, and how it is mended. Each fault leaves a trace, so that one that did not happen shows."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from exodrive.dev.attack.slow_clients import DRIP, KINDS, Crowd
from exodrive.dev.drill.provider import Provider
from exodrive.dev.drill.site import Site
from exodrive.dev.embedded.process import alive

Wait = Callable[[float], None]


class Fault(NamedTuple):
    """`act(wait)` breaks something, lets customers go on with `wait(seconds)`, and mends it; `trace` proves it."""

    name: str
    act: Callable[[Wait], None]
    trace: Callable[[], bool]


def all_of(site: Site, provider: Provider, seconds: float) -> Iterator[Fault]:
    """Every fault in turn; each lasts `seconds`."""
    yield Fault("nothing yet", lambda wait: wait(seconds), lambda: True)
    yield Fault(
        "kill -9 Valkey", lambda wait: _valkey(site, wait, seconds), lambda: _said(site, "redis away")
    )
    killed = site.processes.pid("worker")
    yield Fault("kill -9 worker", lambda wait: _worker(site, wait, seconds), lambda: not alive(killed))
    before = set(site.web_workers())
    yield Fault(
        "kill -9 web process",
        lambda wait: _web(site, wait, seconds),
        lambda: bool(before - set(site.web_workers())),
    )
    yield Fault(
        "PostgreSQL immediate stop",
        lambda wait: _postgres(site, wait, seconds),
        lambda: "database system was not properly shut down" in site.postgres_log.read_text(),
    )
    for mood, answer in (("refuses", "refused"), ("hangs", "hung"), ("breaks", "sent")):
        yield Fault(
            f"mail provider {mood}",
            lambda wait, mood=mood: _mail(provider, mood, wait, seconds),  # type: ignore[misc]
            lambda answer=answer: provider.answers[answer] > 0,  # type: ignore[misc]
        )
    crowd = Crowd(site, KINDS["half a body"], drips=True)
    yield Fault("slow clients", lambda wait: _slow(crowd, wait, seconds), lambda: crowd.longest > 1)
    yield Fault("nothing any more", lambda wait: wait(seconds), lambda: True)


def _said(site: Site, words: str) -> bool:
    return words in site.log.read_text()


def _valkey(site: Site, wait: Wait, seconds: float) -> None:
    assert site.stack.valkey is not None  # noqa: S101
    site.stack.valkey.crash()
    wait(seconds)
    site.stack.valkey.start()


def _worker(site: Site, wait: Wait, seconds: float) -> None:
    site.processes.kill("worker")
    wait(seconds)
    site.start("worker")


def _web(site: Site, wait: Wait, seconds: float) -> None:
    os.kill(site.web_workers()[0], signal.SIGKILL)  # gunicorn starts another one
    wait(seconds)


def _postgres(site: Site, wait: Wait, seconds: float) -> None:
    assert site.stack.postgres is not None  # noqa: S101
    site.stack.postgres.crash()
    wait(seconds / 2)
    site.stack.postgres.start()
    site.wait(site.answers, seconds=60, what="The site did not come back")
    wait(seconds / 2)


def _slow(crowd: Crowd, wait: Wait, seconds: float) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        crowd.keep_at_it()
        wait(DRIP)
    crowd.leave()


def _mail(provider: Provider, mood: str, wait: Wait, seconds: float) -> None:
    provider.mood = mood
    wait(seconds)
    provider.mood = "fine"
