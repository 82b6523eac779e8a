"""Departures as staff make, change and call them off."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.availability.audit import check_ledger
from bookings.availability.departures.seats import free_seats
from bookings.errors import DatesTaken, Forbidden, Invalid
from bookings.lifecycle.departures.cancel import cancel_departure
from bookings.lifecycle.departures.create import change_capacity
from bookings.lifecycle.request import Person
from bookings.models import Booking, CarAvailability, DepartureSeat, TourDeparture, VehicleAssignment
from bookings.tests.support.factories import in_days, make_booking, make_desk
from bookings.tests.support.rides import days_in_ledger, hours_on, make_ride
from bookings.tests.support.tours import DAY, Tours, book_seats, hold_seats, seats_lapse, sold
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def proof():
    yield
    with acting_as(SERVICE):
        assert check_ledger() == []


@pytest.fixture
def tours():
    return Tours(seats=8)


def call_off(departure, **who):
    with acting_as(STAFF, **who):
        return cancel_departure(departure, at=timezone.now(), reason="The road is closed.")


def capacity(departure, seats):
    with acting_as(STAFF):
        return change_capacity(departure, seats)


def fields(refused):
    return set(refused.value.details["fields"])


def test_a_departure_has_its_car_and_its_seats(tours):
    departure = tours.depart()
    with as_owner():
        span = VehicleAssignment.objects.get()
        assert (span.departure_id, span.before_minutes, span.after_minutes) == (departure.pk, 15, 15)
        assert span.ends_at - span.starts_at == timedelta(hours=3)
        assert list(departure.seats.values_list("seat", flat=True)) == list(range(1, 9))
    assert days_in_ledger(tours.car) == {in_days(DAY): CarAvailability.Status.SERVICE}


def test_its_car_is_had_by_nobody_else_at_that_time(tours):
    tours.depart()
    with pytest.raises(DatesTaken):
        tours.depart("12:00")
    with pytest.raises(DatesTaken):
        make_booking(car=tours.car, start=in_days(DAY))
    make_ride(tours.car, hours_on(in_days(DAY), "15:00"))
    with pytest.raises(DatesTaken):
        tours.depart("15:30")
    with as_owner():
        assert TourDeparture.objects.count() == 1


def test_what_cannot_be_a_departure_is_named(tours):
    elsewhere = Tours().car
    for facts, named in [
        ({"car": elsewhere}, {"car"}),
        ({"capacity": 9}, {"capacity"}),
        ({"capacity": 0}, {"capacity"}),
        ({"language": "pt"}, {"language"}),
        ({"starts_at": timezone.now() - timedelta(days=1)}, {"starts_at"}),
        ({"starts_at": timezone.now() + timedelta(days=1, seconds=1)}, {"starts_at"}),
    ]:
        with pytest.raises(Invalid) as refused:
            tours.depart(**facts)
        assert fields(refused) == named


def test_more_seats_are_free_and_only_free_ones_go(tours):
    departure = tours.depart(capacity=4)
    book_seats(departure, 3)
    assert capacity(departure, 6).capacity == 6
    with acting_as(PUBLIC):
        assert free_seats([departure])[departure.pk] == 3
    assert capacity(departure, 3).capacity == 3
    for seats in (2, 0, 9):
        with pytest.raises(Invalid) as refused:
            capacity(departure, seats)
        assert fields(refused) == {"capacity"}
    with as_owner():
        assert DepartureSeat.objects.filter(departure=departure, booking__isnull=False).count() == 3


def test_a_held_seat_is_taken_and_a_lapsed_one_is_not(tours):
    departure = tours.depart(capacity=4)
    hold = hold_seats(departure, 3)
    with pytest.raises(Invalid):
        capacity(departure, 2)
    seats_lapse(hold)
    assert capacity(departure, 2).capacity == 2


@pytest.mark.django_db(transaction=True)
def test_calling_it_off_cancels_mails_and_frees_all(tours):
    departure = tours.depart()
    people = [Person("Ana", "a@example.com"), Person("Bo", "b@example.com")]
    bookings = [book_seats(departure, n, who=who) for n, who in enumerate(people, 1)]
    hold_seats(departure, 2)
    assert {one.pk for one in call_off(departure)} == {one.pk for one in bookings}
    with as_owner():
        assert set(Booking.objects.values_list("status", flat=True)) == {"cancelled"}
        told = InboxEmail.objects.filter(
            booking__in=bookings, template="booking_cancelled", audience="customer"
        )
        assert told.count() == 2
        assert not DepartureSeat.objects.exclude(booking=None, hold=None).exists()
        assert TourDeparture.objects.get().status == "cancelled"
    assert days_in_ledger(tours.car) == {}
    assert call_off(departure) == []


def test_the_desk_calls_nothing_off_that_is_paid(tours):
    departure = tours.depart()
    booking = book_seats(departure, 1)
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(paid=1, payment_status="paid")
    with pytest.raises(Forbidden):
        call_off(departure, user=make_desk())
    assert sold(departure) == 1
    with as_owner():
        assert TourDeparture.objects.get().status == "open"
        Booking.objects.filter(pk=booking.pk).update(paid=0, payment_status="unpaid")
