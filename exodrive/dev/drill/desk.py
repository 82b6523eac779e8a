"""Staff who swap the cars of rentals under way while everything else breaks: days of one booking on several cars.

Each rental began some days ago on a car of its own, so that its first swap leaves a segment; later ones move the rest of its
days to and fro, against customers who want the same days.
"""

import json
import random
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.utils import timezone

from bookings.days import Days
from bookings.lifecycle.checklist import HandOver
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.keys.handover import hand_over
from bookings.lifecycle.request import BookingRequest, Details, Person
from exodrive.dev.bench import FIRST_ID, PHONE, Fleet
from exodrive.dev.drill.site import Site
from exodrive.dev.drill.tally import Patience, Tally
from exodrive.models import ApiToken, User
from exodrive.rls import STAFF, acting_as

RENTALS, SINCE, LENGTH = 12, 3, 14  # how many, for how many days already, days of each
EMAIL = "desk@drill.test"


class Rental(NamedTuple):
    """A booking whose customer is on the road, and its car and days."""

    booking: str
    car: int
    start: date
    end: date


class Turn(NamedTuple):
    """Days of a rental on one car, as the database has them; the last one on its present car."""

    booking: str
    car: int
    start: date
    end: date


@dataclass
class Swaps:
    """What the desk was told. `now` is the car that each rental has by the last answer."""

    first: dict[str, Rental] = field(default_factory=dict)
    now: dict[str, int] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)

    @property
    def done(self) -> int:
        """How many succeeded."""
        return self.answers["swapped"]


def prepare() -> str:
    """Rentals under way on the first cars of an empty fleet; a token of the desk's, and the rentals, as a line of JSON."""
    with acting_as(STAFF):
        user = User.objects.create_superuser(EMAIL, None)
        token = ApiToken.issue(user=user, name="drill")
    with acting_as(STAFF, user=user):
        rentals = [_rent(number) for number in range(RENTALS)]
    return json.dumps({"token": token, "rentals": rentals}, default=str)


def _rent(number: int) -> Rental:
    """By phone, so that nobody is mailed; given out in the morning of the first day."""
    car = Fleet.load().cars[number]
    start = car.location.today(timezone.now()) - timedelta(days=SINCE)
    at = datetime.combine(start, time(8), tzinfo=car.location.zone)
    request = BookingRequest(
        car=car,
        days=Days.starting(start, LENGTH),
        who=Person(f"Rental {number}", ""),
        language="en",
        source="staff",
        details=Details(phone=PHONE),
        confirmed=True,
    )
    booking = create_booking(request, at=at)
    hand_over(booking=booking, at=at, record=HandOver(odometer=10_000, fuel=8))
    return Rental(str(booking.pk), car.pk, booking.start_date, booking.end_date)


class Desk:
    """`with Desk(site, tally, rented) as swaps:` swaps in the background until the block ends. `rented` is `prepare`'s."""

    def __init__(self, site: Site, tally: Tally, rented: str) -> None:
        said = json.loads(rented.strip().rpartition("\n")[2])
        rentals = [
            Rental(one, car, date.fromisoformat(a), date.fromisoformat(b))
            for one, car, a, b in said["rentals"]
        ]
        self.site, self.chance, self.over = site, random.Random(1), threading.Event()  # noqa: S311
        self.headers = {
            "Authorization": f"Bearer {said['token']}",
            "Content-Type": "application/json",
        }
        self.swaps = Swaps({one.booking: one for one in rentals}, {one.booking: one.car for one in rentals})
        self.patience = Patience(tally, self.chance, "the desk")
        self.thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> Swaps:
        self.thread.start()
        return self.swaps

    def __exit__(self, *error: object) -> None:
        self.over.set()
        self.thread.join()

    def _work(self) -> None:
        while not self.over.is_set():
            self._swap(
                self.chance.choice(list(self.swaps.now)), FIRST_ID + self.chance.randrange(self.site.cars)
            )

    def _swap(self, booking: str, car: int) -> None:
        """What was done although its answer was lost is not done again: it is asked for instead of the car that was seen."""
        body = {
            "carId": car,
            "reason": "Drill",
            "odometer": 10_500,
            "fuel": 4,
            "insteadOf": self.swaps.now[booking],
            "from": "active",
        }
        path = f"/api/bookings/{booking}"
        answer = self.patience.again(
            lambda: self.site.ask("POST", f"{path}/swap", json.dumps(body), self.headers)
        )
        if answer is None:
            return
        code = "swapped" if answer.status == 200 else str(json.loads(answer.body)["error"]["code"])
        self.swaps.answers[code] += 1
        seen = self.patience.again(lambda: self.site.ask("GET", path, None, self.headers))
        if seen and seen.status == 200:
            self.swaps.now[booking] = json.loads(seen.body)["car"]["id"]


def turns_on(site: Site) -> list[Turn]:
    """The days of the rentals on each of their cars, from a site's database."""
    rows = site.rows(
        "SELECT b.id::text, s.car_id, s.start_date, s.end_date"
        " FROM booking_segments s JOIN bookings b ON b.id = s.booking_id"
        " UNION ALL SELECT b.id::text, b.car_id,"
        "   coalesce((SELECT max(end_date) + 1 FROM booking_segments WHERE booking_id = b.id), b.start_date), b.end_date"
        " FROM bookings b WHERE b.source = 'staff' ORDER BY 1, 3"
    )
    return [Turn(*row) for row in rows]


def wrong_swaps(swaps: Swaps, turns: Iterable[Turn]) -> Iterator[str]:
    """One sentence for every rental that is not as the desk was told; none when all is well."""
    of: dict[str, list[Turn]] = {booking: [] for booking in swaps.first}
    for turn in turns:
        of.setdefault(turn.booking, []).append(turn)
    for booking, found in of.items():
        first = swaps.first.get(booking)
        if first is None or not found:
            yield f"the rental {booking} is {'not one of ours' if found else 'gone'}"
            continue
        if found[-1].car != swaps.now[booking]:
            yield f"the rental {booking} was said to have car {swaps.now[booking]} and has {found[-1].car}"
        if (found[0].car, found[0].start, found[-1].end) != (first.car, first.start, first.end):
            yield f"the rental {booking} does not begin on car {first.car} or has lost days"
        if len(found) > 2:
            yield f"the rental {booking} has {len(found)} cars after swaps of one day"
