"""A provider without a network, a payment to try it on, Stripe's sample objects, and a localstripe of our own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from bookings.payments.stripe import Stripe
from bookings.tests.payments.stripe.answers import Answers
from exodrive.dev.embedded.process import HOST, free_port, spawn, stop

CI = os.environ.get("CI", "").lower() in {"1", "true"}
PATIENCE = 30  # seconds until localstripe listens


@pytest.fixture(autouse=True)
def _keys(settings):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_none", "whsec_none"
    settings.STRIPE_API_URL = ""


@pytest.fixture
def speaking() -> Callable[..., tuple[Stripe, Answers]]:
    """`provider, http = speaking(answer, answer, …)`"""

    def make(*answers: Any) -> tuple[Stripe, Answers]:
        http = Answers(*answers)
        return Stripe(http), http

    return make


@pytest.fixture(scope="session")
def samples() -> dict[str, Any]:
    """Stripe's own sample objects by kind. Without them the test is skipped, loudly; under CI=true that is a failure."""
    folder = (
        os.environ.get("EXODRIVE_PAYMENTS_DATA") or django_settings.BASE_DIR.parent / "shared" / "payments"
    )
    path = Path(folder) / "stripe" / "fixtures3.json"
    if not path.exists():
        _cannot(f"STRIPE'S SAMPLE OBJECTS ARE NOT HERE: no {path} (set EXODRIVE_PAYMENTS_DATA)")
    found: dict[str, Any] = json.loads(path.read_text())["resources"]
    return found


@pytest.fixture(scope="session")
def localstripe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a localstripe that runs beside the tests, as a program of its own: it is under the GPL."""
    program, log = (
        Path(sys.executable).with_name("localstripe"),
        tmp_path_factory.mktemp("localstripe") / "log",
    )
    if not program.exists():
        _cannot(f"LOCALSTRIPE IS NOT HERE: no {program} (pip install -r requirements-dev.txt)")
    port = free_port(0)
    with log.open("wb") as output:
        argv = [str(program), "--port", str(port), "--from-scratch"]
        process = spawn(argv, account=None, log=output, death_signal=signal.SIGTERM)
    try:
        if not _listens(process, port):
            _cannot(f"LOCALSTRIPE DID NOT START: {log.read_text()[-500:]}")
        yield f"http://{HOST}:{port}"
    finally:
        stop(process, signal.SIGTERM, timeout=5)


def _listens(process: "subprocess.Popen[bytes]", port: int) -> bool:
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return True
        time.sleep(0.05)
    return False


def _cannot(reason: str) -> None:
    (pytest.fail if CI else pytest.skip)(reason)
