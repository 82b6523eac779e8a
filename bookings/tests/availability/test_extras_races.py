"""Many bookings swap extras in opposite directions: nothing is oversold, and nobody meets a deadlock.

The control takes the ordered lock away; then the same swaps do deadlock, and the log of attempts says so.
"""

import contextlib
import logging
import random
import threading

import pytest
from django.utils import timezone

from bookings.availability.extras import book_extras, give_extras_back
from bookings.days import Days
from bookings.errors import Invalid
from bookings.lifecycle import change, locked
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.request import Details
from bookings.lifecycle.transitions import cancel
from bookings.models import Booking, ExtraDay
from bookings.tests.support.factories import CarFactory, in_days, make_booking
from bookings.tests.support.racing import all_at_once, tally
from cars.models import Extra
from exodrive.rls import SERVICE, STAFF, acting_as, as_owner
from inbox.audit import find_drift

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]


@pytest.fixture
def deadlocks(caplog):
    """How many attempts the database has ended with a deadlock."""
    caplog.set_level(logging.WARNING, "exodrive.events")

    def count():
        attempts = [r.event for r in caplog.records if r.message == "attempt_failed"]
        return sum(1 for attempt in attempts if attempt["sqlstate"] == "40P01")

    return count


def make_extras(stock, n=2):
    with as_owner():
        for name in range(n):
            Extra.objects.create(name=f"Extra {name}", price=5, stock=stock)
        return list(Extra.objects.order_by("pk"))


def swap(booking, extras):
    with acting_as(STAFF):
        mine = Booking.objects.select_related("car").get(pk=booking.pk)
        return change_booking(
            booking=mine,
            at=timezone.now(),
            to=ChangeRequest(details=Details(extras=[(extra, 1) for extra in extras])),
        )


def prove(stock):
    with as_owner():
        assert max(ExtraDay.objects.values_list("taken", flat=True)) <= stock
    with acting_as(SERVICE):
        assert find_drift() == []


def test_swaps_in_opposite_directions_queue(deadlocks, rounds):
    racers, stock = 16, 9
    a, b = make_extras(stock)
    bookings = [
        make_booking(
            car=CarFactory(),
            start=in_days(5 + n % 3),
            length=4,
            details=Details(extras=(((a, b)[n % 2], 1),)),
        )
        for n in range(racers)
    ]

    def racer(n):
        chance = random.Random(n)

        def run():
            for _ in range(rounds(3, 30)):
                wanted = [a, b] if chance.random() < 0.2 else [chance.choice([a, b])]
                chance.shuffle(wanted)
                with contextlib.suppress(Invalid):  # none left: a fair refusal
                    swap(bookings[n], wanted)

        return run

    assert all_at_once([racer(n) for n in range(racers)]) == [None] * racers
    assert deadlocks() == 0
    prove(stock)


@pytest.mark.parametrize("order", ["ordered", "as they come"])
def test_without_the_ordered_lock_two_swaps_deadlock(order, deadlocks, monkeypatch):
    """Two bookings give back what they have, and only then take what the other one gave back."""
    a, b = make_extras(stock=2)
    bookings = [
        make_booking(car=CarFactory(), start=in_days(5), length=2, details=Details(extras=((extra, 1),)))
        for extra in (a, b)
    ]
    both_gave_back, patience = threading.Barrier(2), 0.3 if order == "ordered" else 20

    waited = set()

    def give_then_take(booking, extras):
        give_extras_back(booking)
        if booking.pk in waited:
            return book_extras(booking, extras)  # tried again, alone
        waited.add(booking.pk)
        with contextlib.suppress(threading.BrokenBarrierError):  # in order, the second one is kept waiting
            both_gave_back.wait(patience)
        return book_extras(booking, extras)

    monkeypatch.setattr(change, "book_extras", give_then_take)
    if order == "as they come":
        monkeypatch.setattr(locked, "lock_extras", lambda **kwargs: None)
    results = all_at_once([lambda: swap(bookings[0], [b]), lambda: swap(bookings[1], [a])])
    assert tally(results) == {"won": 2}  # the loser of a deadlock is tried again
    assert deadlocks() == (0 if order == "ordered" else 1)
    prove(stock=2)


def test_bookings_changes_and_cancellations_of_the_same_extras_queue(deadlocks, rounds):
    stock = 4
    extras = make_extras(stock, n=3)
    cars = [CarFactory() for _ in range(8)]
    made = [
        make_booking(car=car, start=in_days(5), length=3, details=Details(extras=((extras[n % 3], 1),)))
        for n, car in enumerate(cars)
    ]

    def racer(n):
        chance = random.Random(n)

        def book():
            some = tuple((extra, 1) for extra in chance.sample(extras, 2))
            return make_booking(
                car=cars[n % 8], start=in_days(20 + 4 * n), length=2, details=Details(extras=some)
            )

        def move():
            with acting_as(STAFF):
                mine = Booking.objects.select_related("car").get(pk=made[n % 8].pk)
                return change_booking(
                    booking=mine,
                    at=timezone.now(),
                    to=ChangeRequest(days=Days.starting(in_days(4 + n % 5), 3)),
                )

        def call_off():
            with acting_as(STAFF):
                mine = Booking.objects.select_related("car").get(pk=made[n % 8].pk)
                return cancel(booking=mine, at=timezone.now())

        def change():
            return swap(made[n % 8], chance.sample(extras, 2))

        return [book, move, change, change, change, call_off][n % 6]

    results = all_at_once([racer(n) for n in range(rounds(24, 48))])
    assert set(tally(results)) <= {"won", "invalid", "invalid_transition", "dates_taken"}
    assert deadlocks() == 0
    prove(stock)
