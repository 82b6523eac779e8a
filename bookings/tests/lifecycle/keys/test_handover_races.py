"""One car, one customer with its keys, whoever gives them at the same moment. With a control that must fail."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from bookings.errors import BookingError
from bookings.lifecycle import locked, transitions
from bookings.lifecycle.checklist import Checklist, HandOver
from bookings.lifecycle.keys import given as keys
from bookings.lifecycle.keys.handover import hand_over, undo_hand_over
from bookings.lifecycle.transitions import take_back
from bookings.models import Booking
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_desk, make_extra
from bookings.tests.support.racing import all_at_once, tally
from exodrive.rls import SERVICE, STAFF, acting_as, as_owner
from inbox.audit import find_drift

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]
INDEX = "one_customer_has_the_car"


@pytest.fixture
def rivals():
    """Two bookings of one car that begin today and, as nobody took the first one back in time, yesterday."""
    car = CarFactory()
    late = make_booking(car=car, start=in_days(-3), length=3, status="active")
    return [late, make_booking(car=car, start=in_days(0), status="active")]


@pytest.fixture
def no_lock(monkeypatch):
    """Nobody waits for the car, and both look before either writes."""
    both = threading.Barrier(2)
    look = keys.who_has

    def look_together(car_id, **kwargs):
        found = look(car_id, **kwargs)
        both.wait(30)
        return found

    monkeypatch.setattr(locked, "lock_cars", lambda *ids: None)
    monkeypatch.setattr(keys, "who_has", look_together)


@pytest.fixture
def no_index():
    """The table without its promise, for as long as the test runs."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [INDEX])
        definition = cursor.fetchone()[0]
        cursor.execute(f"DROP INDEX {INDEX}")
    yield
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE bookings, car_availability CASCADE")
        cursor.execute(definition)


def by(verb, booking, **what):
    desk = make_desk()

    def run():
        with acting_as(STAFF, user=desk):
            mine = Booking.objects.select_related("car__location").get(pk=booking.pk)
            return verb(booking=mine, at=timezone.now(), **what)

    return run


def out():
    with as_owner():
        return Booking.objects.filter(handed_over_at__isnull=False, returned_at=None).count()


def test_two_members_of_staff_give_the_keys_of_one_car_once(rivals):
    results = all_at_once([by(hand_over, booking, from_="active") for booking in rivals])
    assert tally(results) == {"won": 1, "car_is_out": 1}
    assert out() == 1


def test_the_index_alone_keeps_the_promise(rivals, no_lock):
    results = all_at_once([by(hand_over, booking, from_="active") for booking in rivals])
    lost = [str(result) for result in results if isinstance(result, Exception)]
    assert len(lost) == 1
    assert INDEX in lost[0]
    assert out() == 1


def test_control_without_guards_two_customers_have_the_car(rivals, no_lock, no_index):
    results = all_at_once([by(hand_over, booking, from_="active") for booking in rivals])
    assert tally(results) == {"won": 2}
    assert out() == 2, "the race does not bite: the tests above prove nothing"


def test_two_tabs_hand_over_one_booking_once():
    booking = make_booking(start=in_days(0), status="upcoming")
    results = all_at_once([by(hand_over, booking, from_="upcoming") for _tab in range(2)])
    assert tally(results) == {"won": 1, "status_changed": 1}
    with as_owner():
        assert booking.events.filter(kind="handed_over").count() == 1


def test_undoing_and_taking_back_at_once_leave_one_of_them():
    booking = make_booking(start=in_days(0), status="active")
    by(hand_over, booking)()
    back = Checklist(odometer=45_210, fuel=6, damage=False)
    undone, returned = all_at_once(
        [by(undo_hand_over, booking, from_="active"), by(take_back, booking, checklist=back, from_="active")]
    )
    assert isinstance(undone, BookingError) != isinstance(returned, BookingError)
    with as_owner():
        after = Booking.objects.get(pk=booking.pk)
    facts = (after.status, after.handed_over_at is None, after.returned_at is None)
    assert facts in [("active", True, True), ("completed", False, False)]
    with acting_as(SERVICE):
        assert find_drift() == []


@pytest.fixture
def two_with_one_seat():
    """Bookings of two cars and one child seat, one after the other; both customers come today."""
    seat = make_extra(stock=1)
    return [
        make_booking(start=in_days(start), length=1, status="upcoming", extras=((seat, 1),))
        for start in (2, 4)
    ]


def leave_early(bookings):
    early = HandOver(early=True)
    return tally(all_at_once([by(hand_over, one, from_="upcoming", record=early) for one in bookings]))


def test_two_cars_that_leave_early_at_once_do_not_share_one_seat(two_with_one_seat):
    assert leave_early(two_with_one_seat) == {"won": 1, "invalid": 1}
    assert out() == 1
    with acting_as(SERVICE):
        assert find_drift() == []


def test_control_without_counting_both_leave_with_it(two_with_one_seat, monkeypatch):
    monkeypatch.setattr(transitions, "extras_go_along", lambda booking: None)
    assert leave_early(two_with_one_seat) == {"won": 2}
