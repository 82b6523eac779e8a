"""The database's own idea of what a seat costs, and of whose it is: nobody pays for fewer than they take."""

import json
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from bookings.availability.hours.spans import move_spans
from bookings.availability.ledger import lock_cars
from bookings.errors import Invalid
from bookings.models import Booking, DepartureSeat, Hold
from bookings.tests.support.booked_rides import booked_from
from bookings.tests.support.tours import Tours, book_seats, hold_seats
from cars.models import RideRate
from exodrive.db.retry import broken_constraint
from exodrive.rls import PUBLIC, STAFF, acting_as, as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def departure():
    return Tours(seats=8).depart()


def settle():
    """What is looked at when a transaction commits, looked at now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.parametrize(("people", "children"), [(1, 0), (3, 1), (8, 7)])
def test_no_honest_price_is_refused(departure, people, children):
    hold = hold_seats(departure, people, children=children)
    with as_owner():
        RideRate.objects.all().update(amount=900, child_amount=400)
    booking = booked_from(hold)
    settle()
    assert booking.total == 90 * (people - children) + 40 * children
    book_seats(departure, 8 - people) if people < 8 else None
    settle()


def test_no_price_for_fewer_is_agreed_for_more(departure):
    """A hold for one, whose price is no price for three."""
    hold = hold_seats(departure, 1)
    with as_owner():
        RideRate.objects.all().update(amount=900, child_amount=900)
    booking = booked_from(hold)
    settle()
    with as_owner():
        free = DepartureSeat.objects.filter(departure=departure, booking=None)[:2]
        for seat in free:
            DepartureSeat.objects.filter(pk=seat.pk).update(booking=booking)
        booking.ride.seats = booking.ride.passengers = 3
        booking.ride.save()
        settle()
    with acting_as(PUBLIC, token=booking.secret):
        assert refusal(said_again, booking) == "booking_is_priced"


def said_again(booking):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE bookings SET quote = %s", [json.dumps(booking.quote)])
        settle()


def refusal(write, *what):
    with pytest.raises(IntegrityError) as refused:
        write(*what)
    return broken_constraint(refused.value)


LIES = {
    "seats that nobody pays for": {"seats": 4},
    "a child too few": {"choice": {"passengers": 4, "children": -1}},
    "a whole car at the price of a seat": {"departure_id": None, "seats": 0},
}


@pytest.mark.parametrize("what", LIES)
def test_the_public_holds_no_more_than_it_will_pay(departure, what):
    hold_seats(departure, 3)
    with as_owner():
        hold = Hold.objects.get()
    columns = {field.attname: getattr(hold, field.attname) for field in Hold._meta.concrete_fields}
    for name, value in LIES[what].items():
        columns[name] = {**hold.choice, **value} if name == "choice" else value
    with acting_as(PUBLIC):
        assert refusal(written, {**columns, "id": uuid4(), "nonce": b"0" * 16, "token_hash": "0" * 64}) == (
            "booking_is_priced"
        )


def written(columns):
    with transaction.atomic():
        Hold(**columns).save(force_insert=True)


def test_one_booking_of_a_departure_gets_no_other_car_or_time(departure):
    booking = book_seats(departure, 1)
    with acting_as(STAFF), transaction.atomic():
        found = Booking.objects.select_related("ride", "car__location").get(pk=booking.pk)
        lock_cars(found.car_id)
        with pytest.raises(Invalid, match="one car and one time"):
            move_spans(found)
