"""What may be taken of an extra: while offered, at the pick-up place, within stock and limit. What one has one keeps."""

import pytest
from django.db import connection
from django.utils import timezone

from bookings.days import Days
from bookings.errors import Invalid
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.request import Details
from bookings.models import Booking, BookingChange, BookingExtra, ExtraDay
from bookings.tests.support.factories import CarFactory, LocationFactory, in_days, make_booking
from cars.models import Extra, Fee
from exodrive.rls import PUBLIC, acting_as, as_owner
from exodrive.tests.support.money import eur
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db
BROUGHT = Details(delivery=True, delivery_address="Rua do Sol 1, Porto")


def make_extra(**fields):
    with as_owner():
        made = Extra.objects.create(**{"name": "Roof box", "price": "25.00", "stock": 3, **fields})
        return Extra.objects.get(pk=made.pk)


def later(extra, **fields):
    with as_owner():
        Extra.objects.filter(pk=extra.pk).update(**fields)


def booked(*extras, length=2, **fields):
    return make_booking(start=in_days(10), length=length, details=Details(extras=extras), **fields)


def change(booking, **fields):
    with acting_as(PUBLIC, token=booking.secret):
        mine = Booking.objects.get()
        mine.secret = booking.secret
        return change_booking(booking=mine, at=timezone.now(), **fields)


def of(booking):
    with as_owner():
        rows = BookingExtra.objects.filter(booking=booking).order_by("extra_id")
        return [(row.extra_id, row.quantity) for row in rows]


def taken():
    with as_owner():
        return {(row.extra_id, row.date): row.taken for row in ExtraDay.objects.filter(taken__gt=0)}


def test_an_extra_of_another_place_cannot_be_had():
    car = CarFactory()
    here, there = make_extra(location=car.location), make_extra(location=LocationFactory())
    with pytest.raises(Invalid, match=rf"Roof box cannot be had at {car.location.name}\."):
        booked((there, 1), car=car)
    assert of(booked((here, 1), car=car)) == [(here.pk, 1)]


def test_another_pick_up_place_is_refused_where_the_extra_is_not_had():
    car, there = CarFactory(), LocationFactory(name="Nice")
    box = make_extra(location=car.location)
    booking = booked((box, 1), car=car)
    with pytest.raises(Invalid, match="Roof box cannot be had at Nice"):
        change(booking, to=ChangeRequest(details=Details(pick_up=there)))
    assert change(booking, to=ChangeRequest(details=Details(pick_up=there, extras=()))).difference == eur(-25)
    assert of(booking) == []


@pytest.mark.parametrize("now", [{"is_offered": False}, {"stock": 1}, {"max_per_booking": 1}])
def test_what_a_booking_has_it_keeps_when_something_else_changes(now):
    box, seat = make_extra(max_per_booking=2), make_extra(name="Child seat")
    booking = booked((box, 2))
    later(box, **now)
    change(booking, to=ChangeRequest(details=Details(extras=[(box, 2), (seat, 1)])))
    assert of(booking) == [(box.pk, 2), (seat.pk, 1)]
    change(booking, to=ChangeRequest(details=Details(extras=[(box, 1), (seat, 1)])))
    assert of(booking) == [(box.pk, 1), (seat.pk, 1)]
    with pytest.raises(Invalid, match="Roof box is not left"):
        change(booking, to=ChangeRequest(details=Details(extras=[(box, 3)])))


def test_on_other_days_it_has_to_be_offered_again():
    box = make_extra()
    booking = booked((box, 1))
    later(box, is_offered=False)
    with pytest.raises(Invalid, match="Roof box is not left"):
        change(booking, to=ChangeRequest(days=Days.starting(in_days(11), 2)))
    assert set(taken()) == {(box.pk, in_days(10)), (box.pk, in_days(11))}


def test_a_refusal_changes_no_count():
    box, seat = make_extra(), make_extra(name="Child seat", stock=0)
    booking = booked((box, 1))
    before = taken()
    with acting_as(PUBLIC, token=booking.secret), connection.cursor() as cursor:
        cursor.execute("SELECT book_extras(%s, %s, %s)", [booking.pk, [seat.pk], [1]])
        assert cursor.fetchone()[0] == seat.pk
    assert (taken(), of(booking)) == (before, [(box.pk, 1)])


@pytest.mark.parametrize("quantity", [0, -1, 4])
def test_impossible_numbers_cannot_be_had(quantity):
    box = make_extra(max_per_booking=9)
    booking = booked()
    with acting_as(PUBLIC, token=booking.secret), connection.cursor() as cursor:
        cursor.execute("SELECT book_extras(%s, %s, %s)", [booking.pk, [box.pk], [quantity]])
        assert cursor.fetchone()[0] == box.pk
    assert (taken(), of(booking)) == ({}, [])


def test_swapping_extras_of_the_same_price_is_a_change_of_the_rental():
    box, seat = make_extra(), make_extra(name="Child seat")
    booking = booked((box, 1))
    assert change(booking, to=ChangeRequest(details=Details(extras=[(seat, 1)]))).difference == eur(0)
    with as_owner():
        (revision,) = BookingChange.objects.all()
        assert (revision.before["extras"], revision.after["extras"]) == ({str(box.pk): 1}, {str(seat.pk): 1})
        assert revision.is_of_the_rental
        assert InboxEmail.objects.filter(template="booking_changed").count() == 1


def test_delivery_and_the_drivers_age_are_priced_anew_and_the_age_is_not_written_down():
    with as_owner():
        Fee.objects.create(name="Delivery", kind="delivery", amount="60.00")
        Fee.objects.create(name="Young driver", kind="young_driver", amount="10.00", per="day", below_age=30)
    booking = booked()
    assert change(booking, to=ChangeRequest(details=BROUGHT)).difference == eur(60)
    assert change(booking, to=ChangeRequest(details=Details(driver_age=29))).difference == eur(20)
    assert change(booking, to=ChangeRequest(details=Details(delivery=False))).difference == eur(-60)
    with as_owner():
        saved = Booking.objects.get()
        assert (saved.delivery, saved.driver_age, saved.total) == (False, 29, 500)
        history = list(BookingChange.objects.all())
    assert [row.after["delivery"] for row in history] == [True, True, False]
    assert history[1].after["contact"] == ["driver_age"]
    assert 29 not in history[1].after.values()
