"""Customers who book and pay until they are told to stop: half through the pages, half through the API, all with patience.

Each remembers what was promised (a 201, or the redirect to the booking's page). After a refusal that says so, or when the
line went dead, one tries again as people and good clients do: the same form, or the same key and body.
"""

import json
import random
import threading
from datetime import timedelta
from itertools import count

from django.utils import timezone

from exodrive.dev.bench import FIRST_ID
from exodrive.dev.drill.browser import Browser
from exodrive.dev.drill.payer import Habit, Payer
from exodrive.dev.drill.site import Site
from exodrive.dev.drill.tally import Patience, Promise, Tally

FIRST_DAY, LAST_DAY = 5, 300  # days ahead
HABITS = list(Habit)  # in turn, so that none is missing


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
        """Whoever is in the middle of a booking may finish it, and pay."""
        self.over.set()
        for thread in self.threads:
            thread.join()

    def _live(self, number: int) -> None:
        chance = random.Random(number)  # noqa: S311
        while not self.over.is_set():
            one = next(self.numbers)
            who, habit = f"customer-{one}@example.com", HABITS[one % len(HABITS)]
            car = chance.randrange(self.site.cars)
            start = timezone.localdate() + timedelta(days=chance.randrange(FIRST_DAY, LAST_DAY))
            end = start + timedelta(days=chance.randrange(3))
            wanted = Promise(who, FIRST_ID + car, start, end, "page" if number % 2 else "api")
            self._one(wanted, habit, chance)

    def _one(self, wanted: Promise, habit: Habit, chance: random.Random) -> None:
        browser, patience = Browser(self.site), Patience(self.tally, chance, wanted.email)
        page = (self._by_page if wanted.way == "page" else self._by_api)(browser, wanted, patience)
        if page:
            self.tally.promised(wanted)
            Payer(browser, patience).settle(page, habit)

    def _by_api(self, browser: Browser, wanted: Promise, patience: Patience) -> str:
        """Where the booking's page is; nothing when it was refused."""
        body = {
            "carId": wanted.car,
            "startDate": wanted.start.isoformat(),
            "endDate": wanted.end.isoformat(),
            "customer": {"fullName": "Marta Silva", "email": wanted.email},
        }
        headers = {"Content-Type": "application/json", "Idempotency-Key": wanted.email}
        answer = patience.again(
            lambda: self.site.ask("POST", "/api/bookings", json.dumps(body), headers),
        )
        return str(json.loads(answer.body)["bookingUrl"]) if answer and answer.status == 201 else ""

    def _by_page(self, browser: Browser, wanted: Promise, patience: Patience) -> str:
        """Where it leads after booking; nothing when it was refused."""
        path, days = f"/en/cars/bench-{wanted.car - FIRST_ID}/", {"start": wanted.start, "end": wanted.end}
        page = patience.again(lambda: browser.get(f"{path}?start={wanted.start}&end={wanted.end}"))
        held = page and patience.again(lambda: browser.post(path, **days))
        if not held or held.status != 303:
            return ""
        form = held.headers["location"]
        if not patience.again(lambda: browser.get(form)):
            return ""
        typed = {"full_name": "Marta Silva", "email": wanted.email}
        booked = patience.again(lambda: browser.post(form, **typed))
        there = booked.headers.get("location", "") if booked and booked.status == 303 else ""
        return there if "/booking/" in there else ""
