"""Slow clients: many connections that send half a header or body, take no answer, or do not hang up, and keep at it."""

import http.client
import select
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle

from exodrive.dev.drill.target import Target
from exodrive.dev.embedded.process import HOST

SOCKETS = 64
SECONDS = 15.0  # of each kind
CUT = 13.0  # seconds after which a server has lost its patience
LIMIT = 5.0  # seconds for an answer to somebody else
DRIP = 1.0  # seconds between two bytes: no time-out between bytes is ever reached
# On this machine they come from many addresses, as far as connections of one are counted, and somebody else from another.
SLOW = [f"127.0.1.{number}" for number in range(1, 17)]
VICTIM = "127.0.0.2"
ASKED = ("/healthz", "/en/", "/readyz", "/api/cars")
UNPROTECTED = {"GUNICORN_CMD_ARGS": "--worker-class gthread"}

FORM = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2000\r\n\r\n"
KINDS = {
    "half a header": "GET /en/ HTTP/1.1\r\nHost: {host}\r\nX-Slow: ",
    "half a body": "POST /en/link/ HTTP/1.1\r\nHost: {host}\r\n" + FORM,
    # More than the kernel keeps for a client that reads none of it.
    "no reading": "GET /api/openapi.json HTTP/1.1\r\nHost: {host}\r\n\r\n" * 80,
    "no closing": "GET /healthz HTTP/1.0\r\nHost: {host}\r\n\r\n",
}

DRIPPING = {"half a header", "half a body"}


@dataclass
class Crowd:
    """Sockets of one kind. Who is cut off dials again at once."""

    site: Target
    begin: str
    drips: bool
    alive: dict[socket.socket, float] = field(default_factory=dict)
    longest: float = 0.0
    addresses: Iterator[str] = field(default_factory=lambda: cycle(SLOW))

    def keep_at_it(self) -> None:
        """Send one more byte on each socket, and replace those that were closed."""
        for client, since in list(self.alive.items()):
            self.longest = max(self.longest, time.monotonic() - since)
            if self._is_cut(client):
                del self.alive[client]
                client.close()
        while len(self.alive) < SOCKETS and (new := self._dial()):
            self.alive[new] = time.monotonic()

    def leave(self) -> None:
        """Close them all."""
        for client in self.alive:
            client.close()

    def _dial(self) -> socket.socket | None:
        client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        client.settimeout(0.5)
        try:
            if self.site.host == HOST:
                client.bind((next(self.addresses), 0))
            client.connect((self.site.host, self.site.port))
            client.sendall(self.begin.format(host=self.site.host).encode())
        except OSError:
            client.close()
            return None
        client.setblocking(False)
        return client

    def _is_cut(self, client: socket.socket) -> bool:
        line = select.poll()
        line.register(client, select.POLLRDHUP)
        if line.poll(0):
            return True
        with suppress(BlockingIOError):
            if self.drips:
                client.send(b"a")
        return False


def run(site: Target) -> list[str]:
    """What gave way while slow clients of each kind were there."""
    found: list[str] = []
    for kind, begin in KINDS.items():
        crowd = Crowd(site, begin, drips=kind in DRIPPING)
        try:
            found += [f"{kind}, {SOCKETS} of them: {what}" for what in _while_there(site, crowd)]
        finally:
            crowd.leave()
    return found


def _while_there(site: Target, crowd: Crowd) -> list[str]:
    found: dict[str, str] = {}
    ends, source = time.monotonic() + SECONDS, VICTIM if site.host == HOST else ""
    with ThreadPoolExecutor(len(ASKED)) as others:
        waiting = {path: others.submit(_trouble, site, path, source) for path in ASKED}
        while time.monotonic() < ends or not all(asked.done() for asked in waiting.values()):
            crowd.keep_at_it()
            for path, asked in waiting.items():
                if asked.done():
                    if trouble := asked.result():
                        found[path] = trouble
                    if time.monotonic() < ends:
                        waiting[path] = others.submit(_trouble, site, path, source)
            time.sleep(DRIP)
    if crowd.drips and crowd.longest > CUT:
        found["cut"] = f"one was there for {crowd.longest:.0f} s"
    return list(found.values())


def _trouble(site: Target, path: str, source: str) -> str:
    """What is wrong with the answer that somebody else gets."""
    try:
        answer = site.ask("GET", path, timeout=LIMIT, source=source)
    except (OSError, http.client.HTTPException) as error:
        return f"{path} got no answer ({type(error).__name__})"
    return "" if answer.status == 200 else f"{path} was answered {answer.status}"
