"""A Redis that can be put into a bad mood: a relay to the real one that answers errors, or nonsense, instead."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from exodrive.dev.embedded.process import HOST

MOODS = {
    "loading": b"-LOADING Redis is loading the dataset in memory\r\n",
    "read-only": b"-READONLY You can't write against a read only replica.\r\n",
    "misconfigured": b"-MISCONF Redis is configured to save RDB snapshots, but it cannot\r\n",
    "out of memory": b"-OOM command not allowed when used memory > 'maxmemory'.\r\n",
    "no Redis": b"HTTP/1.1 400 Bad Request\r\n\r\n",
}


class MoodyRedis:
    """`with MoodyRedis(port) as redis:`; `redis.mood = "loading"` also ends the connections that there are."""

    def __init__(self, port: int) -> None:
        self.real, self.answers, self._mood = port, 0, ""
        self._open: list[socket.socket] = []

    def __enter__(self) -> "MoodyRedis":
        self._door = socket.create_server((HOST, 0))
        self.port = int(self._door.getsockname()[1])
        _in_background(self._listen)
        return self

    def __exit__(self, *error: object) -> None:
        self._door.close()
        self.mood = ""

    @property
    def mood(self) -> str:
        """One of MOODS; nothing for a good one."""
        return self._mood

    @mood.setter
    def mood(self, mood: str) -> None:
        self._mood, self.answers = mood, 0
        for line in self._open:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                self._open.append(client)
                if self._mood:
                    _in_background(partial(self._refuse, client, MOODS[self._mood]))
                else:
                    real = socket.create_connection((HOST, self.real))
                    self._open.append(real)
                    _in_background(partial(_relay, client, real))
                    _in_background(partial(_relay, real, client))

    def _refuse(self, client: socket.socket, said: bytes) -> None:
        with client, suppress(OSError):
            while client.recv(65536):
                self.answers += 1
                client.sendall(said)


def _relay(here: socket.socket, there: socket.socket) -> None:
    with there, suppress(OSError):
        while data := here.recv(65536):
            there.sendall(data)


def _in_background(what: Callable[[], None]) -> None:
    threading.Thread(target=what, daemon=True).start()
