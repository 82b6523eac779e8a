"""The example of a proxy has what the web process counts on, in the same numbers."""

import json
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings

from exodrive.http import receiving, worker

EXAMPLE = (Path(settings.BASE_DIR) / "deploy" / "nginx.conf").read_text()


def said(name: str) -> str:
    """The only value of a directive."""
    (value,) = set(re.findall(rf"^\s*{name} +([^;]+);", EXAMPLE, re.MULTILINE))
    return value


def test_the_walls_are_as_high_as_ours():
    assert said("client_header_timeout") == f"{worker.HEAD_SECONDS:.0f}s"
    assert said("client_body_timeout") == f"{worker.BODY_SECONDS:.0f}s"
    assert said("client_max_body_size") == f"{receiving.BODY_LIMIT // 1024**2}m"
    assert said("proxy_read_timeout") == f"{worker.ANSWER_SECONDS:.0f}s"
    assert said("limit_conn") == f"address {settings.CONNECTIONS_PER_ADDRESS}"
    assert "$binary_remote_addr zone=address:" in said("limit_conn_zone")


def test_a_request_is_whole_before_we_get_it():
    assert (said("proxy_request_buffering"), said("proxy_buffering")) == ("on", "on")


def test_what_a_client_says_of_itself_is_not_passed_on_unseen():
    headers = dict(re.findall(r"proxy_set_header (\S+) ([^;]+);", EXAMPLE))
    assert headers["X-Forwarded-Proto"] == "$scheme"
    assert headers["X-Forwarded-For"] == "$proxy_add_x_forwarded_for"
    assert headers["Host"] == "$host"


def test_what_is_compressed_is_the_application_s_to_say():
    assert said("gzip") == "off"


# --- In nginx itself ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def nginx():
    """Its program. Without it the example is not checked, which is a failure with CI=true."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if found is None:
        missing = "THE PROXY'S EXAMPLE WAS NOT CHECKED: no nginx found (apt-get install nginx-light)."
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(missing)
        pytest.skip(missing)
    return found


class Upstream(BaseHTTPRequestHandler):
    """Answers with what reached it."""

    def do_POST(self) -> None:
        """The headers, and how long the body is."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = json.dumps({**dict(self.headers), "body": len(body)}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST

    def log_message(self, *args: object) -> None:
        """Quietly."""


@pytest.fixture(scope="module")
def front(nginx, tmp_path_factory):
    """The address of nginx with the example, in front of an application that answers with what it got."""
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    behind = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=behind.serve_forever, daemon=True).start()
    example = re.sub(r"^ *ssl_certificate.*$", "", EXAMPLE, flags=re.MULTILINE)
    example = example.replace("listen 443 ssl", f"listen 127.0.0.1:{port}").replace(
        "listen 80;", f"listen 127.0.0.1:{free_port()};"
    )
    example = example.replace("127.0.0.1:8000", f"127.0.0.1:{behind.server_port}")
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/log;\nevents {{}}\n"
        f"http {{ access_log off; {paths}\n{example}\n}}\n"
    )
    run = [nginx, "-p", str(folder), "-e", str(folder / "log"), "-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*run, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    server = subprocess.Popen(run)
    until_it_listens(port)
    yield port
    server.terminate()
    server.wait(10)
    behind.shutdown()
    behind.server_close()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def until_it_listens(port: int) -> None:
    for _ in range(100):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx does not listen")


def asked(port: int, method: str = "GET", path: str = "/", body: bytes = b"", **headers: str):
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request(method, path, body or None, {"Host": "rent.example", **headers})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()


def test_nginx_takes_it_and_says_who_asks(front):
    status, headers, body = asked(front, **{"X-Forwarded-For": "203.0.113.9", "Accept-Encoding": "gzip"})
    got = json.loads(body)
    assert status == 200
    assert got["X-Forwarded-For"] == "203.0.113.9, 127.0.0.1"  # ours counts from behind: TRUSTED_PROXY_HOPS=1
    assert (got["Host"], got["X-Forwarded-Proto"]) == ("rent.example", "http")
    assert "Content-Encoding" not in headers


def test_nginx_refuses_what_is_too_large_and_hides_the_probe(front):
    assert asked(front, "POST", body=b"x" * 1000)[0] == 200
    with closing(socket.create_connection(("127.0.0.1", front), 10)) as one:
        length = receiving.BODY_LIMIT + 1
        one.sendall(f"POST / HTTP/1.1\r\nHost: rent.example\r\nContent-Length: {length}\r\n\r\n".encode())
        assert b" 413 " in one.recv(100)
    assert asked(front, path="/readyz")[0] == 404


def test_nginx_counts_the_connections_of_an_address(front):
    with ExitStack() as slow:

        def come() -> None:  # with a body that does not: its request is being read, and its connection counts
            one = slow.enter_context(closing(socket.create_connection(("127.0.0.1", front), 10)))
            one.sendall(b"POST / HTTP/1.1\r\nHost: rent.example\r\nContent-Length: 100\r\n\r\nx")

        for _ in range(settings.CONNECTIONS_PER_ADDRESS - 1):
            come()
        assert asked(front)[0] == 200  # room for one
        come()
        for _ in range(200):  # until nginx has read the last header
            if (status := asked(front)[0]) == 429:
                break
            time.sleep(0.05)
        assert status == 429
