"""The worker's loop by itself, without processes and without a clock that runs: who is received, who has to go, and when."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import Future
from selectors import DefaultSelector
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger

from exodrive.http.connection import Connection
from exodrive.http.worker import ANSWER_SECONDS, BODY_SECONDS, HEAD_SECONDS, LINGER_SECONDS, PatientWorker

GET = b"GET /en/ HTTP/1.1\r\nHost: x\r\n\r\n"
HOST = "127.0.0.1"


class Pool:
    """Takes what threads would do, and does it when told."""

    def __init__(self) -> None:
        self.given: list[Connection] = []

    def submit(self, work: Any, conn: Connection) -> "Future[bool]":
        self.given.append(conn)
        return Future()


class Loop:
    """One worker, its clients, and the hands of its clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.listener = socket.create_server((HOST, 0))
        cfg = Config()
        self.worker = PatientWorker(1, 1, [self.listener], None, 30, cfg, Logger(cfg))
        self.worker.poller = DefaultSelector()
        self.worker.tpool, self.worker.probe_pool = Pool(), Pool()
        self.now = time.monotonic()
        monkeypatch.setattr("exodrive.http.worker.time.monotonic", lambda: self.now)
        self.clients: list[socket.socket] = []

    def dial(self, data: bytes = b"") -> socket.socket:
        client = socket.create_connection(self.listener.getsockname(), timeout=5)
        self.clients.append(client)
        self.worker.accept(self.listener)
        return self.say(client, data)

    def say(self, client: socket.socket, data: bytes) -> socket.socket:
        if data:
            client.sendall(data)
            self.turn()
        return client

    def turn(self) -> None:
        for key, _events in self.worker.poller.select(1):
            key.data(key.fileobj)

    def later(self, seconds: float) -> None:
        self.now += seconds
        self.worker.murder_pending()

    @property
    def given(self) -> list[Connection]:
        return self.worker.tpool.given


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loop]:
    made = Loop(monkeypatch)
    yield made
    for conn in (*made.worker.receiving, *made.worker.lingering, *made.worker.working, *made.given):
        conn.incoming.close()
        conn.sock.close()
    for sock in (made.listener, *made.clients):
        sock.close()
    made.worker.poller.close()
    made.worker.tmp.close()


def test_a_thread_gets_a_request_when_all_of_it_is_there(loop):
    client = loop.dial(GET[:10])
    assert (loop.given, len(loop.worker.receiving)) == ([], 1)
    loop.say(client, GET[10:])
    assert (len(loop.given), len(loop.worker.receiving), len(loop.worker.working)) == (1, 0, 1)


def test_probes_wait_behind_nobody(loop):
    loop.dial(GET)
    loop.dial(GET.replace(b"/en/", b"/healthz?x=1"))
    assert (len(loop.given), len(loop.worker.probe_pool.given)) == (1, 1)


def test_half_a_header_has_its_time_and_no_more(loop):
    client = loop.dial(GET[:10])
    loop.later(HEAD_SECONDS - 1)
    assert len(loop.worker.receiving) == 1
    loop.later(2)
    assert client.recv(1000).startswith(b"HTTP/1.1 408 ")
    assert (len(loop.worker.receiving), len(loop.worker.lingering)) == (0, 1)
    loop.later(LINGER_SECONDS + 1)
    assert (client.recv(1000), len(loop.worker.lingering), loop.worker.nr_conns) == (b"", 0, 0)
    assert loop.worker.by_address == {}


def test_who_says_nothing_is_told_nothing(loop):
    client = loop.dial()
    loop.later(HEAD_SECONDS + 1)
    assert (client.recv(1000), loop.worker.nr_conns) == (b"", 0)


def test_a_long_body_has_longer(loop):
    post = b"POST /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 81920\r\n\r\n"
    client = loop.dial(post)
    assert client.recv(1000).startswith(b"HTTP/1.1 100 ")
    loop.later(BODY_SECONDS + 9)
    assert len(loop.worker.receiving) == 1
    loop.later(2)
    assert client.recv(1000).startswith(b"HTTP/1.1 408 ")


def test_chunks_earn_their_time(loop):
    client = loop.dial(b"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    loop.say(client, b"4000\r\n" + b"x" * 0x4000)
    loop.later(BODY_SECONDS + 1)
    assert len(loop.worker.receiving) == 1
    loop.later(2)
    assert len(loop.worker.receiving) == 0


def test_too_much_is_refused_before_anybody_reads_it(loop):
    client = loop.dial(b"GET / HTTP/1.1\r\nX: " + b"x" * 40_000)
    loop.turn()
    assert client.recv(1000).startswith(b"HTTP/1.1 431 ")
    assert loop.given == []


def test_who_hangs_up_is_forgotten(loop):
    client = loop.dial(GET[:10])
    client.close()
    loop.turn()
    assert (loop.worker.nr_conns, loop.worker.receiving) == (0, {})


def test_an_address_that_has_too_many_loses_its_oldest_that_only_waits(loop, settings):
    settings.CONNECTIONS_PER_ADDRESS = 2
    first, at_work = loop.dial(GET[:10]), loop.dial(GET)
    third = loop.dial(GET[:10])
    assert first.recv(1000) == b""
    loop.say(third, GET[10:])
    fourth = loop.dial()  # nobody waits: the newest goes
    assert fourth.recv(1000) == b""
    assert len(loop.given) == 2
    at_work.setblocking(False)
    with pytest.raises(BlockingIOError):
        at_work.recv(1)


def test_behind_a_proxy_the_address_is_everybodys(loop, settings):
    settings.CONNECTIONS_PER_ADDRESS, settings.TRUSTED_PROXY_HOPS = 2, 1
    for _n in range(5):
        loop.dial(GET[:10])
    assert len(loop.worker.receiving) == 5


def test_when_nothing_is_left_somebody_who_waits_makes_room(loop, settings):
    settings.CONNECTIONS_PER_ADDRESS, loop.worker.worker_connections = 0, 4
    first = loop.dial(GET[:10])
    for _n in range(2):
        loop.dial(GET[:10])
    assert (first.recv(1000), loop.worker.nr_conns) == (b"", 2)


def test_a_client_that_takes_nothing_gives_its_thread_back(loop):
    client = loop.dial(GET)
    (conn,) = loop.given
    conn.until = loop.now + ANSWER_SECONDS
    loop.later(ANSWER_SECONDS - 1)
    client.setblocking(False)
    with pytest.raises(BlockingIOError):
        client.recv(1)
    loop.later(2)
    client.setblocking(True)
    assert client.recv(1) == b""


def test_half_a_request_does_not_keep_a_process_that_stops(loop):
    client = loop.dial(GET[:10])
    loop.worker.alive = False
    loop.later(1)
    assert len(loop.worker.receiving) == 1
    loop.later(3.5)
    assert client.recv(1000).startswith(b"HTTP/1.1 408 ")


def test_the_next_request_of_a_connection_waits_until_the_answer_is_taken(loop):
    loop.dial(GET)
    (conn,) = loop.given
    loop.worker.working.clear()
    loop.worker.keepalived_conns.append(conn)
    loop.worker.poller.register(conn.sock, 1)
    loop.worker.on_client_socket_readable(conn, conn.sock)
    assert list(loop.worker.receiving) == [conn]


def test_what_still_comes_after_a_refusal_is_not_looked_at(loop):
    client = loop.dial(b"GET / HTTP/1.1\r\nX: " + b"x" * 40_000)
    loop.turn()
    loop.say(client, GET)
    assert (loop.given, len(loop.worker.lingering)) == ([], 1)
    client.close()
    loop.turn()
    assert (loop.worker.lingering, loop.worker.nr_conns) == ({}, 0)
