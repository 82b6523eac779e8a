"""A customer at the payment page of their booking, with the sandbox in a provider's place and a browser's manners."""

import random
import re
import time
from enum import StrEnum
from urllib.parse import urlsplit

from exodrive.dev.drill.browser import Browser
from exodrive.dev.drill.tally import Patience
from exodrive.dev.drill.target import Answer

HOPS = 60  # redirects and turns of a page that waits
BOOKED = "You’re booked"
CANCELLED = "Your booking is cancelled,"


class Habit(StrEnum):
    """What somebody does who was asked to pay."""

    AGREES = "agrees"
    IS_DECLINED = "is declined first"
    CLOSES = "closes the tab"
    GOES_BACK = "goes back"
    PAYS_THERE = "pays at pick-up"
    REGRETS = "pays and cancels"


class Payer:
    """Goes on in the browser that booked, or begins in one of its own."""

    def __init__(self, browser: Browser, patience: Patience) -> None:
        self.browser, self.patience = browser, patience
        self.tally, self.chance, self.who = patience.tally, patience.chance, patience.who

    def settle(self, booking: str, habit: Habit) -> None:
        """Do as one does, from the address of the booking's page or of its payment page on."""
        home = path_of(booking).removesuffix("payment/")
        page = f"{home}payment/"
        done = self._chooses(page, "pick_up") if habit == Habit.PAYS_THERE else self._pays(page, habit)
        if done and habit == Habit.REGRETS:
            done = self._cancels(home)
        if done:
            with self.tally.lock:
                self.tally.habits[habit] += 1

    def _chooses(self, page: str, method: str) -> Answer | None:
        """The payment page with a method chosen and posted, and where that leads."""
        if not self.go(page):
            return None
        return self._posts(page, method=method)

    def _pays(self, page: str, habit: Habit) -> Answer | None:
        asked = self._chooses(page, "sandbox")
        if habit == Habit.IS_DECLINED:
            asked = asked and self._presses("decline") and self._chooses(page, "sandbox")
        if not asked:
            return None
        if habit == Habit.GOES_BACK:
            return self._presses("back")
        if habit == Habit.CLOSES:
            return self._presses("close", **reported(self.chance))
        return self._presses("approve", **reported(self.chance))

    def _presses(self, what: str, **boxes: str) -> Answer | None:
        """A button of the sandbox's page, where the browser is now."""
        page = self.browser.path
        if not page.startswith("/sandbox/"):
            return None
        if what == "close":  # and reads no more
            return self.patience.again(lambda: self.browser.post(page, what=what, **boxes))
        return self._posts(page, what=what, **boxes)

    def _cancels(self, home: str) -> Answer | None:
        page = f"{home}cancellation/"
        return self._posts(page) if self.go(page) else None

    def _posts(self, page: str, **typed: str) -> Answer | None:
        answer = self.patience.again(lambda: self.browser.post(page, **typed))
        there = answer.headers.get("location") if answer else None
        return self.go(path_of(there)) if there else answer

    def go(self, path: str) -> Answer | None:
        """The page that a browser ends on, having followed redirects and waited where it is told to."""
        for _hop in range(HOPS):
            here = path
            answer = self.patience.again(lambda here=here: self.browser.get(here))  # type: ignore[misc]
            if answer is None:
                return None
            seconds, path = onwards(answer)
            if not path:
                self._reads(answer)
                return answer
            time.sleep(seconds)
        return None

    def _reads(self, answer: Answer) -> None:
        if BOOKED in answer.body:
            self.tally.told(self.tally.booked, self.who)
        if CANCELLED in answer.body:
            self.tally.told(self.tally.cancelled, self.who)


def reported(chance: random.Random) -> dict[str, str]:
    """How the provider is to report it: as it should, late, or twice."""
    return chance.choice([{}, {}, {"late": "on"}, {"twice": "on"}])


def onwards(answer: Answer) -> tuple[float, str]:
    """After how many seconds a browser goes on by itself, and where to; nowhere: ""."""
    if "location" in answer.headers:
        return 0.0, path_of(answer.headers["location"])
    told = re.fullmatch(r"(\d+); url=(.+)", answer.headers.get("refresh", ""))
    return (float(told[1]), path_of(told[2])) if told else (0.0, "")


def path_of(address: str) -> str:
    """Without the site's name: all of it is on the same one."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
