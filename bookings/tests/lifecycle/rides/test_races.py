"""Many at once: every yes has a car, nobody's is had twice, and a press that is repeated books once."""

import pytest
from django.utils import timezone

from bookings.availability.audit import check_ledger
from bookings.availability.rides.chosen import of_hold
from bookings.lifecycle.idempotency import Idempotency
from bookings.lifecycle.rides import create
from bookings.lifecycle.rides.create import book_ride
from bookings.lifecycle.rides.request import RideRequest
from bookings.links.lookup import hold_for
from bookings.models import Booking, VehicleAssignment
from bookings.tests.support.booked_rides import Chauffeurs
from bookings.tests.support.factories import MARTA
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
