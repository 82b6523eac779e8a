"""Bookings per second of the verb itself, in one or more processes that start at the same moment."""

import signal
import subprocess
import sys
import time
from statistics import mean
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from bookings.lifecycle.create import create_booking
from bookings.lifecycle.request import BookingRequest, Details
from exodrive.dev.bench import PHONE, Fleet, Slot
from exodrive.dev.embedded.process import die_with_parent
from exodrive.rls import PUBLIC, acting_as

CONTACT = Details(phone=PHONE)
WARM_UP = 20  # bookings that are not counted


class Rate(NamedTuple):
    """Bookings per second of all processes together, and the processor time of one booking in Python, in ms."""

    per_second: float
    busy_ms: float


def book(slot: Slot) -> None:
    """One booking by a visitor."""
    create_booking(
        BookingRequest(car=slot.car, days=slot.days, who=slot.person(), details=CONTACT, language="en"),
        at=timezone.now(),
    )


def work(measurement: int, *, worker: int, workers: int, seconds: float) -> None:
    """One process: say that we are ready, wait for a line, book, say how many per second and the processor's ms of one."""
    slots = Fleet.load().slots(measurement, first=worker, step=workers)
    made = 0
    with acting_as(PUBLIC):
        for _ in range(WARM_UP):
            book(next(slots))
        _say("ready")
        sys.stdin.readline()
        begin, busy = time.perf_counter(), time.process_time()
        now = begin
        for slot in slots:
            book(slot)
            made, now = made + 1, time.perf_counter()
            if now - begin > seconds:
                break
    _say(f"{made / (now - begin)} {1000 * (time.process_time() - busy) / made}")


def measure(measurement: int, *, workers: int, seconds: float) -> Rate:
    """All processes together."""
    argv = [sys.executable, "manage.py", "bench", f"--measurement={measurement}", f"--seconds={seconds}"]
    children = [
        subprocess.Popen(  # noqa: S603
            [*argv, f"--worker={number}", f"--workers={workers}"],
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        for number in range(workers)
    ]
    for child in children:
        if child.stdout is None or child.stdout.readline().strip() != "ready":
            raise RuntimeError("A worker did not start.")
    for child in children:
        if child.stdin is not None:
            child.stdin.write("\n")
            child.stdin.flush()
    said = [child.communicate()[0].splitlines()[-1].split() for child in children]
    return Rate(sum(float(rate) for rate, _ in said), mean(float(busy) for _, busy in said))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
