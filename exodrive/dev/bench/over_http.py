"""Latency through gunicorn, started as the Procfile says, under clients that ask one after the other."""

import http.client
import json
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings

from exodrive.dev.bench import PHONE, Fleet, Slot
from exodrive.dev.embedded.process import HOST
from exodrive.dev.embedded.supervisor import Supervisor, read_procfile

WARM_UP = 5  # requests of each client that are not counted
Ask = Callable[[Slot], int]


@dataclass
class Answers:
    """Seconds of each request that was answered as expected, and the statuses of all."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    elapsed: float = 0.0

    def percentile(self, share: float) -> float:
        """In milliseconds; nearest rank."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def per_second(self) -> float:
        """Requests per second of all clients together."""
        return len(self.seconds) / self.elapsed


@contextmanager
def server() -> Iterator[None]:
    """The Procfile's web process on $PORT."""
    web = Supervisor(
        {"web": read_procfile(settings.BASE_DIR / "Procfile")["web"]},
        env=dict(os.environ),
        folder=settings.BASE_DIR,
    )
    try:
        web.start("web")
        web.wait_until(_answers, seconds=60, what="The web server did not answer")
        yield
    finally:
        web.stop()


def get_availability(slot: Slot) -> int:
    """Ask for three days of a car; the status."""
    query = f"car_id={slot.car.pk}&start={slot.days.start}&end={slot.days.end}"
    return status_of("GET", f"/api/availability?{query}")


def post_booking(slot: Slot) -> int:
    """Book three days of a car; the status."""
    who = slot.person()
    body = {
        "carId": slot.car.pk,
        "startDate": slot.days.start.isoformat(),
        "endDate": slot.days.end.isoformat(),
        "customer": {"fullName": who.full_name, "email": who.email, "phone": PHONE},
    }
    return status_of("POST", "/api/bookings", json.dumps(body))


def ask_at_once(
    fleet: Fleet, measurement: int, ask: Ask, *, expected: int, clients: int, requests: int, seconds: float
) -> Answers:
    """`clients` threads, each asking again as soon as it has its answer, until one of the limits is reached."""
    slots, lock, answers = fleet.slots(measurement), threading.Lock(), Answers()
    ready = threading.Barrier(clients + 1)

    def take() -> Slot | None:
        with lock:
            return next(slots, None)

    def client() -> None:
        for _ in range(WARM_UP):
            if slot := take():
                ask(slot)
        ready.wait()
        deadline = time.perf_counter() + seconds
        for _ in range(requests // clients):
            begin = time.perf_counter()
            slot = take()
            if slot is None or begin > deadline:
                break
            status = ask(slot)
            took = time.perf_counter() - begin
            with lock:
                answers.statuses[status] += 1
                if status == expected:
                    answers.seconds.append(took)

    threads = [threading.Thread(target=client, daemon=True) for _ in range(clients)]
    for thread in threads:
        thread.start()
    ready.wait()
    begin = time.perf_counter()
    for thread in threads:
        thread.join()
    answers.elapsed = time.perf_counter() - begin
    return answers


def status_of(method: str, path: str, body: str | None = None) -> int:
    """The status of the answer. A connection for each, as from a proxy: the server may close an idle one at any time."""
    connection = http.client.HTTPConnection(HOST, int(os.environ["PORT"]), timeout=30)
    headers = {"Connection": "close"} | ({"Content-Type": "application/json"} if body else {})
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def _answers() -> bool:
    try:
        return status_of("GET", "/api/cars?page_size=1") == 200
    except (OSError, http.client.HTTPException):
        return False
