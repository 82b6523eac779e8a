"""Gunicorn's threaded worker, with patience that ends: a thread gets a request when all of it has come, and not before.

The stock worker reads in its threads and waits there for as long as a client likes, so that a few clients who send half a
header stop everybody. Here one loop receives for all connections at once, each within a deadline, an address has a bounded
number of them, and probes have threads of their own. docs/decisions.md says what else was tried.
"""

import errno
import socket
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from itertools import chain
from selectors import EVENT_READ
from typing import Any

from django.conf import settings
from gunicorn.http import RequestParser
from gunicorn.workers.gthread import ThreadWorker

from exodrive.http.connection import Connection
from exodrive.http.receiving import Incoming, TooLarge

HEAD_SECONDS = 10.0  # for a header, from the first moment
BODY_SECONDS = 10.0  # for a body, and a second more for each BYTES_A_SECOND of it
BYTES_A_SECOND = 8 * 1024
ANSWER_SECONDS = 30.0  # for the answer, made and taken
LINGER_SECONDS = 2.0  # for a client to take the end of its answer before the connection goes
STOP_SECONDS = 3.0  # for half a request when the process is told to stop
LOOK = 0.5  # seconds between two looks at the deadlines
SEND_BUFFER = (
    1024 * 1024
)  # bytes, as far as the kernel allows: an answer that fits costs no thread when nobody takes it
PROBES = (b"/healthz", b"/readyz")
PROBE_THREADS = 4
FULL = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
READ = 64 * 1024


class PatientWorker(ThreadWorker):
    """`--worker-class exodrive.http.worker.PatientWorker`; threads, keep-alive and graceful stop are gunicorn's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # In order of age: what is being received, what only waits to be closed, what a thread has.
        self.receiving: dict[Connection, None] = {}
        self.lingering: dict[Connection, None] = {}
        self.working: dict[Connection, None] = {}
        self.by_address: dict[str, dict[Connection, None]] = {}
        self.probe_pool: ThreadPoolExecutor
        self.looked = 0.0
        self.stopped = 0.0

    def init_process(self) -> None:
        """In the forked process; runs until it stops."""
        self.probe_pool = ThreadPoolExecutor(PROBE_THREADS)
        super().init_process()

    # --- A connection comes and goes --------------------------------------------------------------------------------

    def accept(self, listener: socket.socket) -> None:
        """Take a connection; somebody who only waits makes room when there is none."""
        try:
            sock, client = listener.accept()
        except OSError as error:
            if error.errno in FULL:
                self._drop_oldest()
            elif error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        conn = Connection(self, sock, client, listener.getsockname())
        self.nr_conns += 1
        self.by_address.setdefault(conn.address, {})[conn] = None
        self._receive(conn)
        if listener is self.sockets[0]:  # PROBES_BIND, the second one, is for our own people
            self._make_room(conn)

    def forget(self, conn: Connection) -> None:
        """The connection is closed."""
        mine = self.by_address.get(conn.address, {})
        mine.pop(conn, None)
        if not mine:
            self.by_address.pop(conn.address, None)

    def linger(self, conn: Connection) -> bool:
        """Close our side, and the other one when the client has or its time is over. False when it is gone already."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, EVENT_READ, partial(self.on_lingering_readable, conn))
        except (OSError, ValueError, KeyError):
            return False
        self.nr_conns += 1  # whoever closes a connection has taken it off already
        conn.until = time.monotonic() + LINGER_SECONDS
        self.lingering[conn] = None
        return True

    def on_lingering_readable(self, conn: Connection, client: socket.socket) -> None:
        """What still comes is not looked at."""
        try:
            gone = not client.recv(READ)
        except BlockingIOError:
            return
        except OSError:
            gone = True
        if gone:
            self._drop(conn)

    def _drop(self, conn: Connection, *, status: str = "") -> None:
        self.receiving.pop(conn, None)
        self.lingering.pop(conn, None)
        with suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        if status:
            conn.answer(status)
        conn.close(graceful=bool(status))

    def _make_room(self, conn: Connection) -> None:
        mine = self.by_address[conn.address]
        most = 0 if settings.TRUSTED_PROXY_HOPS else settings.CONNECTIONS_PER_ADDRESS
        if most and conn.address and len(mine) > most:
            self._drop_oldest(mine, or_else=conn)
        elif self.nr_conns >= self.worker_connections - 1:  # at that number gunicorn would stop to listen
            self._drop_oldest(or_else=conn)

    def _drop_oldest(
        self, among: dict[Connection, None] | None = None, or_else: Connection | None = None
    ) -> None:
        for conn in chain(self.lingering, self.receiving):
            if among is None or conn in among:
                return self._drop(conn)
        if or_else:
            self._drop(or_else)

    # --- A request comes --------------------------------------------------------------------------------------------

    def _receive(self, conn: Connection) -> None:
        conn.incoming.close()
        conn.incoming, conn.told_to_go_on = Incoming(), False
        conn.until = time.monotonic() + HEAD_SECONDS
        conn.sock.setblocking(False)
        self.receiving[conn] = None
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def on_client_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """The next request on a connection that was kept. Who has not taken the last answer gets no other one."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        if conn.unsent:
            self.nr_conns -= 1
            conn.close()
        else:
            self._receive(conn)

    def on_pending_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """More of a request."""
        try:
            data = client.recv(READ)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            return self._drop(conn)
        try:
            conn.incoming.feed(data)
        except TooLarge as refusal:
            return self._drop(conn, status=refusal.status)
        if conn.incoming.whole:
            self._hand_over(conn)
        elif conn.incoming.head:
            self._go_on(conn)

    def _go_on(self, conn: Connection) -> None:
        incoming = conn.incoming
        if not conn.told_to_go_on:
            conn.told_to_go_on = True
            conn.until = time.monotonic() + BODY_SECONDS + (incoming.length or 0) / BYTES_A_SECOND
            if incoming.expects_continue:
                with suppress(OSError):
                    conn.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _hand_over(self, conn: Connection) -> None:
        self.receiving.pop(conn)
        self.poller.unregister(conn.sock)
        conn.until = float("inf")  # its time begins when a thread has it
        self.working[conn] = None
        self.enqueue_req(conn)

    def enqueue_req(self, conn: Connection) -> None:
        """Give a whole request to a thread: of those for probes, or of those for everything else."""
        pool = self.probe_pool if conn.incoming.path in PROBES else self.tpool
        future = pool.submit(self.handle, conn)
        future.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, conn, done))

    # --- A request is answered --------------------------------------------------------------------------------------

    def handle(self, conn: Connection) -> bool:
        """In a thread. Whether the connection may be used for another request."""
        conn.until = time.monotonic() + ANSWER_SECONDS
        conn.parser = RequestParser(self.cfg, conn.incoming.pieces(), conn.client)
        conn.initialized = True
        keep = super().handle(conn)
        return bool(keep) and not conn.incoming.rest and not conn.parser.unreader.take_buffered()

    def finish_request(self, conn: Connection, fs: "Future[bool]") -> None:
        """In the loop, after a thread."""
        self.working.pop(conn, None)
        conn.incoming.close()
        super().finish_request(conn, fs)

    # --- Time is over -----------------------------------------------------------------------------------------------

    def murder_pending(self) -> None:
        """Called by gunicorn's loop all the time, and at least every second."""
        now = time.monotonic()
        if now < self.looked + LOOK:
            return
        self.looked = now
        if not self.alive:
            self.stopped = self.stopped or now
        for conn in [conn for conn in self.receiving if now > self._patience(conn)]:
            self._drop(conn, status="408 Request Timeout" if conn.incoming.begun else "")
        for conn in [conn for conn in self.lingering if now > conn.until]:
            self._drop(conn)
        for conn in [conn for conn in self.working if now > conn.until]:
            with suppress(OSError):
                conn.sock.shutdown(socket.SHUT_RDWR)  # its thread waits for a client that takes nothing

    def _patience(self, conn: Connection) -> float:
        if self.stopped:
            return min(conn.until, self.stopped + STOP_SECONDS)
        if conn.incoming.length is None:
            return conn.until + conn.incoming.received / BYTES_A_SECOND
        return conn.until
