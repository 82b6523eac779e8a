"""How long somebody waits for the first page: `make run` in a fresh copy of the project, and once more in the same one."""

import http.client
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from exodrive.dev.embedded.process import HOST, free_port
from exodrive.dev.embedded.surroundings import URL_VARIABLES

FRESH_LIMIT, LATER_LIMIT = 15, 3  # seconds, on two processors with nothing else to do
PATIENCE = 240  # seconds
OURS = {"ENVIRONMENT", "PORT", "WEB_HOST", "VIRTUAL_ENV", "RATE_LIMITS", "PYTHONWARNINGS", "LOG_LEVEL"}


class NotStarted(RuntimeError):
    """It ended, or did not answer, before there was a first page."""


def starts() -> Iterator[tuple[str, float, int]]:
    """(name, seconds, limit) of both. Raises NotStarted, e.g. where packages cannot be fetched."""
    with tempfile.TemporaryDirectory(prefix="exodrive-start-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - the servers' account passes through
        copy = Path(folder) / "clone"
        subprocess.run(["git", "clone", "-q", settings.BASE_DIR, copy], check=True, capture_output=True)  # noqa: S603, S607
        yield "a fresh start, from a clone", _until_first_page(copy), FRESH_LIMIT
        yield "a later start", _until_first_page(copy), LATER_LIMIT


def _until_first_page(copy: Path) -> float:
    port, begin = free_port(0), time.perf_counter()
    with _running(copy, port) as site:
        while not _answers(port):
            if site.poll() is not None or time.perf_counter() - begin > PATIENCE:
                raise NotStarted((copy / "start.log").read_text()[-600:].strip() or "no first page")
            time.sleep(0.05)
        return time.perf_counter() - begin


@contextmanager
def _running(copy: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """`make run`, stopped as Ctrl-C stops it."""
    ours = OURS | set(URL_VARIABLES)
    environment = {name: value for name, value in os.environ.items() if name not in ours} | {
        "PORT": str(port)
    }
    with (copy / "start.log").open("wb") as log:
        site = subprocess.Popen(
            ["make", "run"],  # noqa: S607
            cwd=copy,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield site
    finally:
        with suppress(ProcessLookupError):
            os.killpg(site.pid, signal.SIGINT)
        try:
            site.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(site.pid, signal.SIGKILL)
            site.wait()


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/en/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
