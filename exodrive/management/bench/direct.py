"""Bookings per second of the verb itself, in one or more processes that start at the same moment."""

import subprocess
import sys
import time

from django.conf import settings
from django.utils import timezone

from bookings.lifecycle import create_booking
from exodrive.management.bench import Fleet, Slot
from exodrive.rls import PUBLIC, acting_as

WARM_UP = 20  # bookings that are not counted


def book(slot: Slot) -> None:
    """One booking by a visitor."""
    create_booking(car=slot.car, days=slot.days, who=slot.person(), at=timezone.now(), language="en")


def work(measurement: int, *, worker: int, workers: int, seconds: float) -> None:
    """One process: say that we are ready, wait for a line, book, say how many per second."""
    slots = Fleet.load().slots(measurement, first=worker, step=workers)
    made = 0
    with acting_as(PUBLIC):
        for _ in range(WARM_UP):
            book(next(slots))
        _say("ready")
        sys.stdin.readline()
        begin = now = time.perf_counter()
        for slot in slots:
            book(slot)
            made, now = made + 1, time.perf_counter()
            if now - begin > seconds:
                break
    _say(f"{made / (now - begin)}")


def bookings_per_second(measurement: int, *, workers: int, seconds: float) -> float:
    """All processes together."""
    argv = [sys.executable, "manage.py", "bench", f"--measurement={measurement}", f"--seconds={seconds}"]
    children = [
        subprocess.Popen(  # noqa: S603
            [*argv, f"--worker={number}", f"--workers={workers}"],
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
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
    return sum(float(child.communicate()[0].splitlines()[-1]) for child in children)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
