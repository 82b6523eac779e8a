"""One client's connection to `exodrive.http.worker`."""

import fcntl
import socket
import struct
import termios
from contextlib import suppress
from typing import Any, Protocol

from gunicorn.workers.gthread import TConn

from exodrive.http.receiving import Incoming


class Keeper(Protocol):
    """Who has the connection."""

    cfg: Any

    def linger(self, conn: "Connection") -> bool:
        """Wait for the client to close."""

    def forget(self, conn: "Connection") -> None:
        """It is closed."""


class Connection(TConn):
    """One client's connection: what has come of its request, and until when it may go on like that."""

    def __init__(self, worker: "Keeper", sock: socket.socket, client: Any, server: Any) -> None:
        super().__init__(worker.cfg, sock, client, server)
        self.worker = worker
        self.address = client[0] if isinstance(client, tuple) else ""
        self.incoming = Incoming()
        self.until = 0.0  # monotonic clock
        self.told_to_go_on = False

    def close(self, graceful: bool = False) -> None:
        """`graceful`: once the client has what was sent, so that it is not cut short; the loop does not wait for that."""
        self.incoming.close()
        if graceful and self.worker.linger(self):
            return
        super().close()
        self.worker.forget(self)

    @property
    def unsent(self) -> int:
        """Bytes of earlier answers that the client has not taken."""
        return int(struct.unpack("i", fcntl.ioctl(self.sock.fileno(), termios.TIOCOUTQ, b"\0" * 4))[0])

    def answer(self, status: str) -> None:
        """A refusal from before any thread saw the request; lost when the client takes nothing."""
        text = f"{status}\n"
        head = f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\n\r\n"
        with suppress(OSError):
            self.sock.send((head + text).encode())
