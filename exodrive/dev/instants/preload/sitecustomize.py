"""Every Python under libfaketime imports this first (PYTHONPATH): a `time.sleep` that its older versions understand.

Since Python 3.11 it sleeps until an instant of the monotonic clock. libfaketime 0.9.10 takes its offset off that instant
also when it is told to leave the clock alone, and the kernel refuses what is left. A selector waits for a duration.
"""

import select
import time
from typing import SupportsIndex


def sleep(seconds: float | SupportsIndex, /) -> None:
    """As `time.sleep`. Raises ValueError for a negative duration."""
    seconds = float(seconds)
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        select.select([], [], [], left)


time.sleep = sleep
