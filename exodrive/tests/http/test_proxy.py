"""The example of a proxy has what the web process counts on, in the same numbers."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from exodrive.http import receiving, worker

EXAMPLE = (Path(settings.BASE_DIR) / "docs" / "nginx.conf").read_text()


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


def test_nginx_takes_it(tmp_path):
    if not (nginx := shutil.which("nginx")):
        pytest.skip("no nginx on the PATH to read the example with")
    without_tls = EXAMPLE.replace("listen 443 ssl", "listen 443").replace("ssl_certificate", "#")
    (tmp_path / "nginx.conf").write_text(f"events {{}}\nhttp {{\n{without_tls}\n}}\n")
    done = subprocess.run(
        [nginx, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
