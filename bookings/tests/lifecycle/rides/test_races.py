"""Many at once: every yes has a car, nobody's is had twice, and a press that is repeated books once."""

from datetime import datetime, time

import pytest
from django.db import IntegrityError
from django.utils import timezone

from bookings.availability.audit import check_ledger
from bookings.availability.rides.chosen import of_hold
from bookings.lifecycle.idempotency import Idempotency
from bookings.lifecycle.rides import change, create
from bookings.lifecycle.rides.change import change_ride
from bookings.lifecycle.rides.change_request import RideChangeRequest
from bookings.lifecycle.rides.create import book_ride
from bookings.lifecycle.rides.request import RideRequest
from bookings.links.lookup import hold_for
from bookings.models import Booking, BookingChange, VehicleAssignment
from bookings.tests.support.booked_rides import DAY, Chauffeurs
from bookings.tests.support.factories import MARTA, in_days
from bookings.tests.support.racing import all_at_once, tally
from bookings.tests.support.rides import overlapping_spans
from cars.pricing.rides.ride import PLAIN
from exodrive.rls import PUBLIC, SERVICE, acting_as, as_owner

pytestmark = pytest.mark.django_db(transaction=True)


def book(hired, clock="10:00"):
    def one():
        hired.book(clock)

    return one


def test_as_many_are_booked_as_there_are_cars():
    hired = Chauffeurs(cars=3)
    results = all_at_once([book(hired) for _ in range(10)])
    assert tally(results) == {"won": 3, "dates_taken": 7}
    with as_owner():
        assert VehicleAssignment.objects.values("car").distinct().count() == 3
    with acting_as(SERVICE):
        assert check_ledger() == []


def test_rides_that_do_not_overlap_are_all_booked_on_one_car():
    hired = Chauffeurs()
    results = all_at_once([book(hired, clock) for clock in ("08:00", "10:30", "13:00", "15:30")])
    assert tally(results) == {"won": 4}
    assert overlapping_spans() == 0


def test_one_key_is_one_ride_however_often_it_is_sent():
    hired = Chauffeurs(cars=4)
    request = RideRequest(hired.wish(), PLAIN, MARTA, language="en")
    key = Idempotency.of("k", request.canonical, visitor="v")

    def post():
        with acting_as(PUBLIC):
            book_ride(request, at=timezone.now(), idempotency=key)

    assert set(tally(all_at_once([post] * 8))) <= {"won", "in_progress"}
    with as_owner():
        assert Booking.objects.count() == 1


def from_hold(hold):
    def one():
        with acting_as(PUBLIC, token=hold.token):
            held = hold_for(hold.token)
            book_ride(RideRequest(*of_hold(held), MARTA, language="en", hold=held), at=timezone.now())

    return one


def test_a_hold_becomes_one_booking_while_others_want_its_hours():
    hired = Chauffeurs()
    hold = hired.hold()
    results = all_at_once([from_hold(hold)] * 4 + [book(hired)] * 4)
    assert set(tally(results[:4])) <= {"won", "in_progress"}
    assert tally(results[4:]) == {"dates_taken": 4}
    with as_owner():
        assert Booking.objects.count() == 1


def test_without_the_claim_the_same_hours_would_be_sold_twice(monkeypatch):
    """The control: what is above is not luck."""
    monkeypatch.setattr(create, "claim_spans", lambda booking: None)
    hired = Chauffeurs()
    results = all_at_once([book(hired) for _ in range(4)])
    assert "dates_taken" not in tally(results)


def move(booking, clock):
    def one():
        with acting_as(PUBLIC, token=booking.secret):
            read = Booking.objects.select_related("car__location").get()
            to = RideChangeRequest(start=datetime.combine(in_days(DAY), time.fromisoformat(clock)))
            change_ride(booking=read, to=to, at=timezone.now())

    return one


@pytest.mark.parametrize("turn", range(4))
def test_of_a_change_and_rival_bookings_of_the_same_hours_one_wins(turn):
    hired = Chauffeurs()
    booking = hired.book("09:00")
    results = all_at_once([move(booking, "14:00"), *[book(hired, "14:30")] * 3])
    assert tally(results) == {"won": 1, "dates_taken": 3}
    with as_owner():
        assert VehicleAssignment.objects.count() == (1 if results[0] is None else 2)
    with acting_as(SERVICE):
        assert check_ledger() == []


def test_rides_that_change_places_neither_deadlock_nor_share_a_car():
    """Each wants the hours of the other: who has to give way keeps what it had."""
    hired = Chauffeurs(cars=2)
    clocks = ("08:00", "11:00", "14:00", "17:00")
    booked = [hired.book(clock) for clock in clocks] + [hired.book(clock) for clock in clocks]
    wishes = [*clocks[1:], clocks[0]] * 2
    results = all_at_once([move(one, clock) for one, clock in zip(booked, wishes, strict=True)])
    assert set(tally(results)) <= {"won", "dates_taken", "status_changed"}
    assert overlapping_spans() == 0
    with acting_as(SERVICE):
        assert check_ledger() == []


def test_pressed_twice_at_once_it_is_changed_once():
    booking = Chauffeurs(cars=2).book("09:00")
    results = all_at_once([move(booking, "14:00")] * 4)
    assert set(tally(results)) <= {"won", "changed_meanwhile"}
    with as_owner():
        assert BookingChange.objects.count() == 1


def test_without_the_move_of_its_spans_a_change_is_refused_whole(monkeypatch):
    """The control: the database looks whether the ledger says what the ride says."""
    monkeypatch.setattr(change, "move_spans", lambda booking: None)
    booking = Chauffeurs().book("09:00")
    with pytest.raises(IntegrityError, match="not exactly its hours"):
        move(booking, "14:00")()
