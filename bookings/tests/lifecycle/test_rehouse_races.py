"""Two who want the same sister car in the same moment, one of them for a booking in the way. Threads, with a control."""

from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from bookings.availability import blocks, ledger
from bookings.availability.blocks import place_within
from bookings.days import Days
from bookings.lifecycle import locked
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.rehousing import rehouse as rehousing
from bookings.lifecycle.rehousing.rehouse import Move, rehouse
from bookings.lifecycle.request import BookingRequest, Person
from bookings.models import Block, Booking
from bookings.tests.support.factories import CarFactory, LocationFactory, in_days, make_booking
from bookings.tests.support.racing import ADD_DAY_PROMISE, DROP_DAY_PROMISE, all_at_once, double_days, tally
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from inbox.audit import find_drift

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]
DAYS = Days(in_days(3), in_days(6))


def drift():
    with acting_as(SERVICE):
        return find_drift()


def blocking(booking, *to):
    """Move the booking and block its car, as read beforehand."""
    with as_owner():
        read = Booking.objects.select_related("car").get(pk=booking.pk)

    def run():
        with acting_as(STAFF):
            act = partial(place_within, cars=[read.car], days=read.days, kind="maintenance")
            return rehouse([Move(read, car) for car in to], act, at=timezone.now(), on=[read.car_id])

    return run


def booking_it(car, n):
    def run():
        with acting_as(PUBLIC):
            who = Person(f"Racer {n}", f"racer{n}@example.com")
            asked = BookingRequest(car=car, days=DAYS, who=who, language="en")
            return create_booking(asked, at=timezone.now())

    return run


def in_the_way(place, n):
    who = Person(f"Driver {n}", f"driver{n}@example.com")
    return make_booking(car=CarFactory(location=place), start=DAYS.start, length=len(DAYS), who=who)


def test_a_customer_who_books_the_sister_car_at_that_moment_gets_it_or_the_booking_does(rounds):
    for n in range(rounds(3, 30)):
        place = LocationFactory()
        booking, sister = in_the_way(place, n), CarFactory(location=place)
        former = booking.car
        assert tally(all_at_once([blocking(booking, sister), booking_it(sister, n)])) == {
            "won": 1,
            "dates_taken": 1,
        }
        with as_owner():
            booking.refresh_from_db()
            # Moved and its car blocked, or neither.
            assert (booking.car_id == sister.pk) is Block.objects.filter(car=former).exists()
        assert double_days() == 0
        assert drift() == []


def test_of_two_staff_who_give_two_bookings_the_same_car_one_wins_and_the_other_moves_nothing(rounds):
    for n in range(rounds(3, 30)):
        place = LocationFactory()
        bookings = [in_the_way(place, 2 * n + m) for m in range(2)]
        sister = CarFactory(location=place)
        outcome = tally(all_at_once([blocking(booking, sister) for booking in bookings]))
        assert outcome == {"won": 1, "dates_taken": 1}
        assert double_days() == 0
        assert drift() == []


def test_two_staff_who_move_the_same_booking_at_once_move_it_once(rounds):
    for n in range(rounds(3, 30)):
        place = LocationFactory()
        booking, cars = in_the_way(place, n), [CarFactory(location=place) for _ in range(2)]
        outcome = tally(all_at_once([blocking(booking, car) for car in cars]))
        assert outcome == {"won": 1, "dates_taken": 1}
        with as_owner():
            assert Block.objects.filter(car=booking.car).count() == 1  # the one that it had
        assert drift() == []


def test_staff_who_move_bookings_crosswise_wait_for_each_other_and_do_not_deadlock(rounds):
    for n in range(rounds(2, 20)):
        place = LocationFactory()
        one, two = in_the_way(place, 2 * n), in_the_way(place, 2 * n + 1)
        free = [CarFactory(location=place) for _ in range(2)]
        with as_owner():
            read = [Booking.objects.get(pk=booking.pk) for booking in (one, two)]

        def both(order, read=read, free=free):
            moves = [Move(read[m], free[m]) for m in order]

            def run():
                with acting_as(STAFF):
                    return rehouse(moves, lambda: None, at=timezone.now())

            return run

        assert tally(all_at_once([both((0, 1)), both((1, 0))])) == {"won": 1, "dates_taken": 1}
        assert drift() == []


@pytest.fixture
def no_guards(monkeypatch):
    """Neither the locks of the cars nor the constraint of the ledger, and a claim that takes what it finds."""
    for module in (locked, rehousing, blocks):
        monkeypatch.setattr(module, "lock_cars", lambda *cars: None)
    monkeypatch.setattr(ledger, "CLAIM", ledger.CLAIM[: ledger.CLAIM.index("ON CONFLICT")])
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(DROP_DAY_PROMISE)
    yield
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE bookings, blocked_dates, car_availability CASCADE")
        cursor.execute(ADD_DAY_PROMISE)


def test_the_control_without_locks_and_constraint_two_bookings_get_the_same_days(no_guards):
    place = LocationFactory()
    bookings, sister = [in_the_way(place, n) for n in range(4)], CarFactory(location=place)
    all_at_once([blocking(booking, sister) for booking in bookings])
    assert double_days() > 0
