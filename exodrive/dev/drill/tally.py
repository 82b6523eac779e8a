"""What all customers saw, and the patience with which each of them asks."""

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from exodrive.dev.drill.target import Answer

TRIES = 80  # of one request; with the pauses between them longer than any fault lasts
PAUSE = (0.3, 1.0)  # seconds between two tries
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
    """What all customers saw. `booked` read that their booking is confirmed, `cancelled` that it is cancelled."""

    promises: list[Promise] = field(default_factory=list)
    booked: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)
    habits: Counter[str] = field(default_factory=Counter)
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

    def told(self, who: set[str], email: str) -> None:
        """Somebody read something about their booking: `tally.told(tally.booked, email)`."""
        with self.lock:
            who.add(email)

    @property
    def kept(self) -> list[Promise]:
        """Promises to those who did not cancel themselves."""
        return [promise for promise in self.promises if promise.email not in self.cancelled]


@dataclass
class Patience:
    """One customer: after a refusal that says so, or when the line went dead, they ask again."""

    tally: Tally
    chance: random.Random
    who: str

    def again(self, ask: Callable[[], Answer]) -> Answer | None:
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
            time.sleep(self.chance.uniform(*PAUSE))
        with self.tally.lock:
            self.tally.given_up.append(self.who)
        return None


def _in_progress(answer: Answer) -> bool:
    """The same request is still being worked on: not 409 because the days are taken, not the way to the booking."""
    there = answer.headers.get("location", "")
    return (answer.status == 409 and "retry-after" in answer.headers) or (
        "/book/" in there and "?turn=" in there
    )
