"""Customers who book until they are told to stop: half through the pages, half through the API, all with patience.

Each remembers what was promised (a 201, or the redirect to the booking's page). After a refusal that says so, or when the
line went dead, one tries again as people and good clients do: the same form, or the same key and body.
"""

import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from exodrive.dev.bench import FIRST_ID
from exodrive.dev.drill.browser import Browser
from exodrive.dev.drill.site import Answer, Site

TRIES = 80  # of one request; with the pauses between them longer than any fault lasts
PAUSE = (0.3, 1.0)  # seconds between two tries
FIRST_DAY, LAST_DAY = 5, 300  # days ahead
AGAIN = {429, 502, 503}
DEAD = "no answer"


@dataclass(frozen=True)
class Promise:
    """A booking that somebody was told they have."""

    email: str
    car: int
    start: date
    end: date
    way: str


@dataclass
class Tally:
    """What all customers saw."""

    promises: list[Promise] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    given_up: list[str] = field(default_factory=list)
    slowest: float = 0.0  # seconds
    lock: threading.Lock = field(default_factory=threading.Lock)

    def cut(self) -> tuple[Counter[str], float]:
        """Statuses and slowest answer since the last cut."""
        with self.lock:
            found = self.statuses, self.slowest
            self.statuses, self.slowest = Counter(), 0.0
        return found

    def answered(self, answer: Answer) -> None:
        """Count an answer."""
        with self.lock:
            self.statuses[str(answer.status)] += 1
            self.slowest = max(self.slowest, answer.seconds)

    def dead(self) -> None:
        """Count a request that got no answer."""
        with self.lock:
            self.statuses[DEAD] += 1

    def promised(self, promise: Promise) -> None:
        """Keep a promise to be checked."""
        with self.lock:
            self.promises.append(promise)


class Customers:
    """`with Customers(site, 16) as tally:` books in the background until the block ends."""

    def __init__(self, site: Site, clients: int) -> None:
        self.site, self.tally, self.over = site, Tally(), threading.Event()
        self.numbers = count()
        self.threads = [
            threading.Thread(target=self._live, args=[number], daemon=True) for number in range(clients)
        ]

    def __enter__(self) -> Tally:
        for thread in self.threads:
            thread.start()
        return self.tally

    def __exit__(self, *error: object) -> None:
        """Whoever is in the middle of a booking may finish it."""
        self.over.set()
        for thread in self.threads:
            thread.join()

    def _live(self, number: int) -> None:
        chance = random.Random(number)  # noqa: S311
        while not self.over.is_set():
            who = f"customer-{next(self.numbers)}@example.com"
            car = chance.randrange(self.site.cars)
            start = timezone.localdate() + timedelta(days=chance.randrange(FIRST_DAY, LAST_DAY))
            end = start + timedelta(days=chance.randrange(3))
            (self._by_page if number % 2 else self._by_api)(who, car, start, end, chance)

    def _by_api(self, who: str, car: int, start: date, end: date, chance: random.Random) -> None:
        body = {
            "carId": FIRST_ID + car,
            "startDate": start.isoformat(),
            "endDate": end.isoformat(),
            "customer": {"fullName": "Marta Silva", "email": who},
        }
        headers = {"Content-Type": "application/json", "Idempotency-Key": who}
        answer = self._again(
            lambda: self.site.ask("POST", "/api/bookings", json.dumps(body), headers), chance, who
        )
        if answer and answer.status == 201:
            self.tally.promised(Promise(who, FIRST_ID + car, start, end, "api"))

    def _by_page(self, who: str, car: int, start: date, end: date, chance: random.Random) -> None:
        browser, path = Browser(self.site), f"/en/cars/bench-{car}/"
        page = self._again(lambda: browser.get(f"{path}?start={start}&end={end}"), chance, who)
        held = page and self._again(lambda: browser.post(path, start=start, end=end), chance, who)
        if not held or held.status != 303:
            return
        form = held.headers["location"]
        if not self._again(lambda: browser.get(form), chance, who):
            return
        typed = {"full_name": "Marta Silva", "email": who}
        booked = self._again(lambda: browser.post(form, **typed), chance, who)
        if booked and booked.status == 303 and "/booking/" in booked.headers["location"]:
            self.tally.promised(Promise(who, FIRST_ID + car, start, end, "page"))

    def _again(self, ask: Callable[[], Answer], chance: random.Random, who: str) -> Answer | None:
        """The first answer that does not ask for another try. None when patience ran out."""
        for _ in range(TRIES):
            try:
                answer = ask()
            except (OSError, http.client.HTTPException):
                self.tally.dead()
            else:
                self.tally.answered(answer)
                if answer.status not in AGAIN and not _in_progress(answer):
                    return answer
            time.sleep(chance.uniform(*PAUSE))
        with self.tally.lock:
            self.tally.given_up.append(who)
        return None


def _in_progress(answer: Answer) -> bool:
    """The same request is still being worked on: not 409 because the days are taken, not the way to the booking."""
    return (answer.status == 409 and "retry-after" in answer.headers) or "?turn=" in answer.headers.get(
        "location", ""
    )
