"""Many programs at once on the real PostgreSQL: a class of so many cars is had by so many, and one key makes one ride."""

import json
from collections import Counter

import pytest
from django.test import Client

from bookings.models import Ride
from bookings.tests.support.api_rides import CUSTOMER, ordered, wanted
from bookings.tests.support.booked_rides import Chauffeurs
from bookings.tests.support.racing import all_at_once
from bookings.tests.support.rides import overlapping_spans
from exodrive.rls import as_owner

pytestmark = [pytest.mark.alone, pytest.mark.django_db(transaction=True)]
CARS, RIVALS = 2, 12


def post(path, body, n=1, **headers):
    """Each from a household and a mailbox of its own."""
    return Client(REMOTE_ADDR=f"203.{n}.113.9").post(
        f"/api/{path}", json.dumps(body), content_type="application/json", headers=headers
    )


def rival(n):
    return {"customer": CUSTOMER | {"email": f"rival{n}@example.com"}}


def outcomes(answers):
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    return Counter(answer.json().get("error", {}).get("code", "won") for answer in answers)


@pytest.mark.parametrize("is_held", [True, False], ids=["holds", "bookings"])
def test_exactly_as_many_win_as_there_are_cars(is_held):
    hired = Chauffeurs(cars=CARS)

    def run(n):
        if is_held:
            return lambda: post("holds", wanted(hired), n)
        return lambda: post("bookings", ordered(hired, **rival(n)), n)

    won = outcomes(all_at_once([run(n) for n in range(RIVALS)]))
    assert won == {"won": CARS, "dates_taken": RIVALS - CARS}
    assert overlapping_spans() == 0


def test_holds_and_bookings_at_once_share_the_cars():
    hired = Chauffeurs(cars=CARS)
    runners = [lambda n=n: post("holds", wanted(hired), n) for n in range(RIVALS // 2)]
    runners += [lambda n=n: post("bookings", ordered(hired, **rival(n)), 99 + n) for n in range(RIVALS // 2)]
    assert outcomes(all_at_once(runners)) == {"won": CARS, "dates_taken": RIVALS - CARS}
    assert overlapping_spans() == 0


def test_twenty_posts_of_one_key_make_one_ride():
    hired = Chauffeurs(cars=CARS)
    key = {"Idempotency-Key": "order-4711"}
    answers = all_at_once([lambda: post("bookings", ordered(hired), **key)] * 20)
    won = outcomes(answers)
    assert set(won) <= {"won", "in_progress"}
    assert len({answer.json()["bookingId"] for answer in answers if answer.status_code == 201}) == 1
    assert post("bookings", ordered(hired), **key).status_code == 201
    later = post("bookings", ordered(hired, "15:00"), **key)
    assert (later.status_code, later.json()["error"]["code"]) == (422, "idempotency_key_reused")
    with as_owner():
        assert Ride.objects.count() == 1


def test_a_hold_that_is_posted_twice_at_once_is_one_ride():
    hired = Chauffeurs()
    token = post("holds", wanted(hired)).json()["token"]
    body = ordered(hired, holdToken=token)
    answers = all_at_once([lambda n=n: post("bookings", body, n) for n in range(8)])
    assert set(outcomes(answers)) <= {"won", "in_progress"}
    assert len({answer.json()["bookingId"] for answer in answers if answer.status_code == 201}) == 1
