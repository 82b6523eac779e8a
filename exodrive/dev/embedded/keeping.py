"""A server that died is brought back where it was: whoever knows its address goes on using it."""

import time
from collections.abc import Callable
from typing import Protocol

from exodrive.dev.embedded.process import StackError

OFTEN = (
    3  # deaths of one server within so many SECONDS: then something is wrong that a new start does not mend
)
SECONDS = 60.0


class Server(Protocol):
    """One of the embedded servers."""

    port: int

    @property
    def died(self) -> bool:
        """Whether it ended although nobody stopped it."""

    def start(self, *, again: bool = False) -> None:
        """Start it. Raises StackError."""


class Keeper:
    """Looks after the servers that were added, when it is asked to."""

    def __init__(self) -> None:
        self._servers: dict[str, Server] = {}
        self._deaths: dict[str, list[float]] = {}

    def add(self, name: str, server: Server) -> None:
        """`name` is what people call it."""
        self._servers[name] = server

    def look(self, say: Callable[[str], None]) -> None:
        """Bring back who died, and `say` so. Raises StackError when that is in vain or happens again and again."""
        for name, server in self._servers.items():
            if server.died:
                self._bring_back(name, server, say)

    def _bring_back(self, name: str, server: Server, say: Callable[[str], None]) -> None:
        now, port = time.monotonic(), server.port
        deaths = self._deaths[name] = [at for at in self._deaths.get(name, []) if at > now - SECONDS] + [now]
        if len(deaths) > OFTEN:
            raise StackError(f"{name} died {len(deaths)} times within a minute, so everything stops.")
        say(f"{name} died: it is started again.")
        server.start(again=True)
        if server.port != port:
            raise StackError(
                f"{name} cannot come back, because somebody else took its port {port}: everything stops."
            )
        say(f"{name} is back.")
