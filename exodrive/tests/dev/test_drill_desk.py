"""The drill's desk: what it rents out and swaps, and what its verdict finds wrong."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bookings.availability.audit import check_ledger
from bookings.models import Booking, BookingSegment
from bookings.tests.support.api import Api
from exodrive.dev.bench import Fleet
from exodrive.dev.drill import desk
from exodrive.dev.drill.desk import LENGTH, Rental, Swaps, Turn, wrong_swaps
from exodrive.dev.drill.tally import Tally
from exodrive.dev.drill.target import Answer
from exodrive.rls import SERVICE, acting_as, as_owner
from exodrive.tests.support.days import monday

FIRST = monday()
LATER = FIRST + timedelta(days=LENGTH - 1)
TODAY = FIRST + timedelta(days=3)
ONE, TWO = Rental("a", 1, FIRST, LATER), Rental("b", 2, FIRST, LATER)


@pytest.fixture
def swaps() -> Swaps:
    """The first rental was swapped, the second was not."""
    return Swaps({"a": ONE, "b": TWO}, {"a": 7, "b": 2})


TURNS = [
    Turn("a", 1, FIRST, TODAY - timedelta(days=1)),
    Turn("a", 7, TODAY, LATER),
    Turn("b", 2, FIRST, LATER),
]


def test_nothing_wrong(swaps: Swaps) -> None:
    assert list(wrong_swaps(swaps, TURNS)) == []


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda turns: turns[:2], ["the rental b is gone"]),
        (lambda turns: [*turns, Turn("c", 3, FIRST, LATER)], ["the rental c is not one of ours"]),
        (
            lambda turns: [turns[0], turns[1]._replace(car=8), turns[2]],
            ["the rental a was said to have car 7 and has 8"],
        ),
        (lambda turns: turns[1:], ["the rental a does not begin on car 1 or has lost days"]),
        (
            lambda turns: [*turns[:2], turns[2]._replace(end=TODAY)],
            ["the rental b does not begin on car 2 or has lost days"],
        ),
        (
            lambda turns: [turns[0], turns[0]._replace(car=3), *turns[1:]],
            ["the rental a has 3 cars after swaps of one day"],
        ),
    ],
)
def test_what_is_wrong_is_said(
    swaps: Swaps, spoil: Callable[[list[Turn]], list[Turn]], said: list[str]
) -> None:
    assert list(wrong_swaps(swaps, spoil(TURNS))) == said


class HereSite:
    """The site of this process, as the desk asks one; each answer to a swap may be lost once."""

    cars = desk.RENTALS + 4

    def __init__(self, token: str, *, loses: bool) -> None:
        self.api, self.loses, self.lost = Api(bearer=token), loses, 0

    def ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        answer = self.api(method, path, body and json.loads(body))
        if self.loses and method == "POST" and answer.status_code == 200:
            self.loses, self.lost = False, self.lost + 1
            raise OSError
        return Answer(answer.status_code, answer.content.decode(), dict(answer.headers), {}, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("loses", [False, True])
def test_the_desk_leaves_segments_that_the_ledger_proves(loses: bool, monkeypatch: Any) -> None:
    monkeypatch.setattr(desk, "RENTALS", 3)
    monkeypatch.setattr("exodrive.dev.drill.tally.PAUSE", (0, 0))
    Fleet.make(HereSite.cars)
    rented = desk.prepare()
    site = HereSite(json.loads(rented)["token"], loses=loses)
    hand = desk.Desk(site, Tally(), rented)
    booking = next(iter(hand.swaps.now))
    free = desk.FIRST_ID + HereSite.cars - 1
    hand._swap(booking, free)
    hand._swap(booking, free - 1)
    assert hand.swaps.answers == ({"changed_meanwhile": 1, "swapped": 1} if loses else {"swapped": 2})
    assert site.lost == loses
    with as_owner():
        segment = BookingSegment.objects.get()
        assert segment.car_id == hand.swaps.first[booking].car
        assert Booking.objects.get(pk=booking).car_id == hand.swaps.now[booking] == free - 1
        assert segment.end_date - segment.start_date == timedelta(days=desk.SINCE - 1)
    with acting_as(SERVICE):
        assert check_ledger() == []
