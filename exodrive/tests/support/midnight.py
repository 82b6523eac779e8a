"""pytest plugin: no test begins so close to a full hour that it would end on another day or in another offset from UTC.

A test reads today's date and the product reads it again. Every time zone that we know changes day and offset on the hour.
"""

import time
from datetime import UTC, datetime

import pytest

CLOSE = 10.0  # seconds: longer than all but tests with processes of their own
PAST = 0.1  # a sleep may end a little early


def wait_before(now: datetime) -> float:
    """Seconds until the hour is full, when that is close; else none."""
    left = 3600 - (now.minute * 60 + now.second + now.microsecond / 1_000_000)
    return left + PAST if left < CLOSE else 0.0


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Before the fixtures, which compute days."""
    if seconds := wait_before(datetime.now(UTC)):
        time.sleep(seconds)
