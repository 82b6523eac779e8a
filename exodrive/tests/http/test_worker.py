"""Gunicorn with our worker: requests are answered as by its own, and who is slow stands in nobody's way."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from exodrive.dev.drill.target import Target
from exodrive.dev.embedded.process import HOST, free_port
from exodrive.tests.conftest import ROOT

pytestmark = pytest.mark.real_time
OTHER = "127.0.0.2"
THREADS = 2
PER_ADDRESS = 8
PATIENCE = 2.0  # of the small application


class Served(Target):
    process: "subprocess.Popen[bytes]"
    probes: Target

    def dial(self, *sent: bytes) -> socket.socket:
        client = socket.create_connection((self.host, self.port), timeout=10)
        for data in sent:
            client.sendall(data)
        return client


def read(client: socket.socket, end: bytes = b"") -> bytes:
    """Until `end` has come, or the server has closed."""
    came = b""
    while more := client.recv(1000):
        came += more
        if end and came.endswith(end):
            break
    return came


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    site = Served(HOST, free_port(0))
    site.probes = Target(HOST, free_port(0))
    command = (
        f"gunicorn exodrive.tests.support.small_app:app --preload --threads {THREADS} --no-control-socket"
    )
    binds = [f"--bind={HOST}:{port}" for port in (site.port, site.probes.port)]
    environment = os.environ | {"CONNECTIONS_PER_ADDRESS": str(PER_ADDRESS), "PYTHONWARNINGS": "ignore"}
    site.process = subprocess.Popen(
        [sys.executable, "-m", *command.split(), *binds],
        cwd=ROOT,
        env=environment | {"DJANGO_SETTINGS_MODULE": "exodrive.settings", "ENVIRONMENT": "development"},
    )
    for _ in range(200):
        try:
            site.ask("GET", "/healthz")
            break
        except OSError:
            time.sleep(0.1)
    yield site
    site.process.terminate()
    assert site.process.wait(20) == 0


def test_bodies_of_every_kind_arrive(server):
    long = "x" * 1_000_000
    assert server.ask("POST", "/", long).body == long
    chunks = (
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"3\r\nabc\r\n",
        b"0\r\n\r\n",
    )
    with server.dial(*chunks) as client:
        assert read(client, b"\r\n\r\nabc").startswith(b"HTTP/1.1 200 ")
    waits = b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    with server.dial(waits) as client:
        assert client.recv(1000).startswith(b"HTTP/1.1 100 ")
        client.sendall(b"abc")
        assert read(client, b"abc").endswith(b"\r\n\r\nabc")


def test_a_connection_is_used_again(server):
    connection = http.client.HTTPConnection(HOST, server.port, timeout=10)
    for body in (b"one", b"two"):
        connection.request("POST", "/", body)
        assert connection.getresponse().read() == body
    connection.close()


def test_requests_that_do_not_wait_for_their_answer_get_the_first_one(server):
    one = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"
    with server.dial(one + b"abc" + one + b"def") as client:
        assert read(client).count(b"HTTP/1.1 200") == 1


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\n", b"413"),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 40_000, b"431"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", b"400"),
    ],
)
def test_what_cannot_be_read_is_refused(server, sent, status):
    with server.dial(sent) as client:
        client.settimeout(5)
        came = client.recv(1000)
    assert came.split(b" ")[1] == status or b"Bad Request" in came


@pytest.mark.parametrize(
    "begin", [b"GET / HTTP/1.1\r\nX-Slow: ", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n\r\n"]
)
def test_half_a_request_is_given_up_however_it_drips(server, begin):
    started = time.monotonic()
    with server.dial(begin) as client:
        client.settimeout(0.2)
        while True:
            try:
                client.sendall(b"a")
                came = client.recv(1000)
                break
            except TimeoutError:
                assert time.monotonic() < started + 3 * PATIENCE
    assert came.startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() >= started + PATIENCE


def test_who_sends_nothing_is_let_go_without_a_word(server):
    with server.dial() as client:
        assert client.recv(1000) == b""


def test_an_address_has_so_many_connections_and_the_oldest_goes(server):
    clients = [server.dial(b"GET / HTTP/1.1\r\n") for _ in range(PER_ADDRESS + 3)]
    server.ask("GET", "/", source=OTHER)
    for client in clients[3:]:
        client.settimeout(0.1)
    assert [client.recv(1000) for client in clients[:3]] == [b""] * 3
    for client in clients[4:]:
        with pytest.raises(TimeoutError):
            client.recv(1000)
    for client in clients:
        client.close()


def test_probes_are_answered_while_every_thread_is_busy(server):
    busy = [server.dial(b"GET /busy HTTP/1.1\r\nHost: a\r\n\r\n") for _ in range(3 * THREADS)]
    begin = time.monotonic()
    assert server.ask("GET", "/healthz", source=OTHER).status == 200
    assert server.probes.ask("GET", "/readyz").status == 200
    assert time.monotonic() < begin + 0.8
    assert server.ask("GET", "/", source=OTHER).seconds > 0.8, "there were none left"
    for client in busy:
        client.close()


def test_who_takes_no_answer_holds_a_thread_for_so_long(server):
    lazy = [server.dial(b"GET /huge HTTP/1.1\r\nHost: a\r\n\r\n") for _ in range(THREADS)]
    time.sleep(0.3)
    answer = server.ask("GET", "/", source=OTHER)
    assert answer.status == 200
    assert 0.5 < answer.seconds < 3 * PATIENCE
    for client in lazy:
        client.close()


def test_who_does_not_hang_up_holds_nobody(server):
    clients = [server.dial(b"GET / HTTP/1.0\r\n\r\n") for _ in range(PER_ADDRESS)]
    time.sleep(0.2)
    assert server.ask("GET", "/", source=OTHER).seconds < 0.5
    for client in clients:
        client.close()


def test_half_a_request_does_not_keep_a_process_from_stopping(server):
    pid = int(server.ask("GET", "/pid").body)
    with server.dial(b"GET / HTTP/1.1\r\n"), server.dial():
        os.kill(pid, signal.SIGTERM)
        begin = time.monotonic()
        while int(server.ask("GET", "/pid").body) == pid:
            time.sleep(0.1)
        while os.path.exists(f"/proc/{pid}"):
            assert time.monotonic() < begin + 8
            time.sleep(0.1)
