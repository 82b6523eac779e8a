"""Two members of staff at once, and a customer beside them: one is first, nobody has a day twice. Each with its control."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from bookings.availability import car_now
from bookings.days import Days
from bookings.errors import DatesTaken
from bookings.lifecycle import create, locked, transitions
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.keys import returns
from bookings.lifecycle.keys.handover import hand_over
from bookings.lifecycle.keys.no_show import no_show
from bookings.lifecycle.keys.returns import undo_return
from bookings.lifecycle.request import BookingRequest, Person
from bookings.lifecycle.transitions import take_back
from bookings.models import Booking, CarAvailability
from bookings.tests.support.factories import in_days, make_booking, make_desk
from bookings.tests.support.racing import ADD_DAY_PROMISE, DROP_DAY_PROMISE, all_at_once, double_days, tally
from bookings.tests.support.returns import BACK, back, days_of, fresh, out
from cars.models import Car
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from inbox.audit import find_drift

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]


@pytest.fixture(autouse=True)
def proof(request):
    """The ledger agrees with its claimants after every race but the one that takes its guards away."""
    yield
    if "no_constraint" not in request.fixturenames:
        with acting_as(SERVICE):
            assert find_drift() == []


def as_staff(verb, booking, user=None, **what):
    def run():
        with acting_as(STAFF, user=user):
            return verb(booking=fresh(booking), at=timezone.now(), **what)

    return run


def two_take_back(booking):
    people = [make_desk(full_name=name) for name in ("Inès Laurent", "Luc Petit")]
    runs = [
        as_staff(take_back, booking, who, from_="active", checklist=replace(BACK, odometer=45_100 + n))
        for n, who in enumerate(people)
    ]
    return people, all_at_once(runs)


def test_of_two_who_take_a_car_back_at_once_one_does_and_the_other_reads_who():
    booking = out()
    people, results = two_take_back(booking)
    assert tally(results) == {"won": 1, "status_changed": 1}
    winner = next(n for n, result in enumerate(results) if isinstance(result, Booking))
    assert results[1 - winner].details["by"] == str(people[winner])
    assert fresh(booking).return_odometer_km == 45_100 + winner


def test_control_without_the_lock_one_writes_over_the_other(monkeypatch):
    booking, met = out(), threading.Barrier(2)

    def only_read(booking, **kwargs):
        found = Booking.objects.select_related("car__location").get(pk=booking.pk)
        met.wait(30)
        return found

    monkeypatch.setattr(transitions, "lock_booking", only_read)
    _people, results = two_take_back(booking)
    assert tally(results) == {"won": 2}


def booking_of_freed_days(car):
    def run():
        with acting_as(PUBLIC):
            mine = Car.objects.select_related("location").get(pk=car.pk)
            who = Person("Aisha Khan", "aisha@example.com")
            days = Days.starting(in_days(2), 2)
            return create_booking(
                BookingRequest(car=mine, days=days, who=who, language="en"), at=timezone.now()
            )

    return run


def undo_against_a_booking(booking):
    return all_at_once([as_staff(undo_return, booking), booking_of_freed_days(booking.car)])


def test_a_return_that_is_undone_and_a_booking_of_its_days_do_not_both_get_them():
    for _ in range(3):
        booking = back(out())
        results = undo_against_a_booking(booking)
        assert tally(results) == {"won": 1, "dates_taken": 1}
        assert double_days() == 0
        undone = isinstance(results[0], Booking)
        assert len(days_of(booking)) == (6 if undone else 2)


@pytest.fixture
def no_constraint():
    """Takes the ledger's promise away, until the test is over."""

    def drop():
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(DROP_DAY_PROMISE)

    yield drop
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE car_availability, bookings, holds CASCADE")
        cursor.execute(ADD_DAY_PROMISE)


def test_control_without_guards_both_get_the_same_days(no_constraint, monkeypatch):
    met = threading.Barrier(2)

    def look_then_take(booking, days, status):
        rows = CarAvailability.objects.filter(car=booking.car_id, date__range=(days.start, days.end))
        if rows.exists():
            raise DatesTaken
        met.wait(30)
        with acting_as(STAFF):
            CarAvailability.objects.bulk_create(
                CarAvailability(car=booking.car, date=day, status=status, booking=booking) for day in days
            )

    booking = back(out())
    later = Days(in_days(0) + timedelta(days=1), booking.end_date)
    no_constraint()
    for module in (car_now, locked):
        monkeypatch.setattr(module, "lock_cars", lambda *ids: None)

    def claim(booking, **kwargs):
        look_then_take(booking, booking.days, "pending")
        return lambda: None

    monkeypatch.setattr(create, "claim_later", claim)
    monkeypatch.setattr(returns, "follow_return", lambda mine, last: look_then_take(mine, later, "booked"))
    assert tally(undo_against_a_booking(booking)) == {"won": 2}
    assert double_days() == 2


def test_nobody_is_given_the_car_of_a_no_show_at_the_same_moment():
    for _ in range(3):
        start = in_days(-1)  # the pick-up time is over, whatever the hour
        booking = make_booking(start=start, length=3, status="active")
        results = all_at_once(
            [as_staff(no_show, booking, from_="active"), as_staff(hand_over, booking, from_="active")]
        )
        assert tally(results) in (
            {"won": 1, "status_changed": 1},
            {"won": 1, "invalid_transition": 1},
        )
        after = fresh(booking)
        assert (after.outcome == "no_show") != (after.handed_over_at is not None)
