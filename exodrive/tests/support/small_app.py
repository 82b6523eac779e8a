"""A WSGI application for `exodrive.http.worker`, whose patience it shortens. Gunicorn loads it before it forks."""

import os
import time
from collections.abc import Callable, Iterable
from typing import Any

from exodrive.http import worker

worker.HEAD_SECONDS = worker.BODY_SECONDS = worker.ANSWER_SECONDS = 2.0
worker.LINGER_SECONDS = 0.5

HUGE = b"x" * 20_000_000


def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """The body comes back; `/busy` takes a second, `/huge` is more than a kernel keeps, `/pid` is the process."""
    path = environ["PATH_INFO"]
    if path == "/busy":
        time.sleep(1)
    said = {"/huge": HUGE, "/pid": str(os.getpid()).encode()}.get(path) or environ["wsgi.input"].read()
    start("200 OK", [("Content-Length", str(len(said)))])
    return [said]
