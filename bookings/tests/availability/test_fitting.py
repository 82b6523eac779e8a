"""What a rental needs beside free days: places that share the car's days, somebody there, a driver who may drive."""

from datetime import time

import pytest

from bookings.errors import Invalid, RulesRefused
from bookings.lifecycle.change_request import ChangeRequest
from bookings.models import Booking, BookingChange
from bookings.tests.api.test_bookings import fields_of
from bookings.tests.lifecycle.test_change import change, span
from bookings.tests.support.api import Api
from bookings.tests.support.factories import AgencyFactory, CarFactory, LocationFactory, in_days, make_booking
from bookings.tests.views.test_change import typed, url_of
from cars.models import Car, ClosedDay, OpeningHours
from exodrive.rls import STAFF, as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking():
    return make_booking(start=in_days(10), length=3)


@pytest.fixture
def far():
    """A place of somebody else, where it is another day."""
    return LocationFactory(agency=AgencyFactory(slug="kiwi", name="Kiwi"), time_zone="Pacific/Auckland")


def patch(booking, **body):
    return Api(bearer=booking.secret).patch(f"/api/bookings/{booking.pk}", body)


def body_for(car, **more):
    days = {"startDate": in_days(10).isoformat(), "endDate": in_days(11).isoformat()}
    return {"carId": car.pk, **days, "customer": {"fullName": "Ana", "email": "ana@example.com"}, **more}


def closed_on(place, day):
    with as_owner():
        ClosedDay.objects.create(location=place, date=day)


@pytest.mark.parametrize("field", ["pickUpLocationId", "dropOffLocationId"])
def test_a_car_changes_hands_only_where_its_page_offers_it(booking, far, field):
    assert list(fields_of(patch(booking, **{field: far.pk}))) == [field]
    refused = Api().post("/api/bookings", body_for(CarFactory(), **{field: far.pk}))
    assert set(fields_of(refused)) <= {"pickUpLocationId", "dropOffLocationId"}


def test_another_car_must_change_hands_at_the_places_booked(booking, far):
    assert list(fields_of(patch(booking, carId=CarFactory(location=far).pk))) == ["pickUpLocationId"]


@pytest.mark.parametrize(("field", "day"), [("pickUpLocationId", 10), ("dropOffLocationId", 12)])
def test_nobody_moves_to_a_place_that_is_closed_that_day(booking, field, day):
    there = LocationFactory()
    closed_on(there, in_days(22 - day))  # on the other end's day: that is no matter
    assert patch(booking, **{field: there.pk}).status_code == 200
    shut = LocationFactory()
    closed_on(shut, in_days(day))
    refused = patch(booking, **{field: shut.pk})
    assert [reason["code"] for reason in refused.json()["error"]["details"]["reasons"]] == ["closed"]


def test_a_place_without_hours_on_that_weekday_is_refused_on_the_page(client, booking):
    there = LocationFactory()
    with as_owner():
        OpeningHours.objects.filter(location=there, weekday=in_days(12).weekday()).delete()
    page = client.post(url_of(booking), typed(booking, drop_off=there.pk, price="1"))
    assert page.status_code == 422
    assert f"{there.name} is closed on" in page.content.decode()


def test_the_time_as_booked_is_held_against_the_new_days_hours(booking):
    with as_owner():
        hours = OpeningHours.objects.filter(location=booking.car.location, weekday=in_days(11).weekday())
        hours.update(opens=time(12))
    move = {"startDate": in_days(11).isoformat()}
    assert patch(booking, pickupTime="11:30").status_code == 200
    assert list(fields_of(patch(booking, **move))) == ["pickupTime"]
    assert list(fields_of(patch(booking, **move, pickupTime="11:30"))) == ["pickupTime"]
    assert patch(booking, **move, pickupTime="12:30").json()["pickupTime"] == "12:30"


def test_a_usual_time_that_is_named_for_other_days_is_kept(booking):
    with as_owner():
        hours = OpeningHours.objects.filter(location=booking.car.location, weekday=in_days(11).weekday())
        hours.update(opens=time(9))
    moved = patch(booking, startDate=in_days(11).isoformat(), pickupTime="10:00").json()
    assert moved["pickupTime"] == "10:00"


def test_the_other_cars_changeover_day_counts(booking):
    other = CarFactory(location=booking.car.location, pickup_weekdays=1 << in_days(11).weekday())
    with pytest.raises(RulesRefused) as refusal:
        change(booking, to=ChangeRequest(car=other))
    assert [reason.code for reason in refusal.value.details["reasons"]] == ["pickup_weekday"]


def test_a_rental_is_extended_although_its_pick_up_day_is_closed_by_now():
    booking = make_booking(start=in_days(0), length=3, status="active")
    closed_on(booking.car.location, in_days(0))
    assert change(booking, role=STAFF, to=ChangeRequest(days=span(0, 4))).booking.days == span(0, 4)
    closed_on(booking.car.location, in_days(4))
    with pytest.raises(RulesRefused):
        change(booking, role=STAFF, to=ChangeRequest(days=span(0, 5)))


def test_days_on_which_a_car_was_out_are_not_given_back_while_it_is_out():
    booking = make_booking(start=in_days(-3), length=6, status="active")
    with pytest.raises(Invalid, match="still out"):
        change(booking, role=STAFF, to=ChangeRequest(days=span(-3, 3)))
    assert change(booking, role=STAFF, to=ChangeRequest(days=span(-3, 4))).booking.end_date == in_days(0)


def test_a_driver_must_be_old_enough_also_in_the_api(booking):
    car = CarFactory(minimum_age=25)
    assert list(fields_of(Api().post("/api/bookings", body_for(car, driverAge=24)))) == ["driverAge"]
    assert Api().post("/api/bookings", body_for(car, driverAge=25)).status_code == 201
    assert list(fields_of(patch(booking, driverAge=24))) == ["driverAge"]
    assert patch(booking, driverAge=25).status_code == 200
    older = CarFactory(location=booking.car.location, minimum_age=30)
    assert list(fields_of(patch(booking, carId=older.pk))) == ["driverAge"]


def test_naming_what_one_has_changes_no_price_and_writes_nothing(booking):
    with as_owner():
        Car.objects.filter(pk=booking.car_id).update(daily_rate="999.00")
    same = {
        "startDate": booking.start_date.isoformat(),
        "carId": booking.car_id,
        "pickUpLocationId": booking.car.location_id,
        "delivery": False,
        "extras": [],
        "phone": booking.phone,
    }
    assert patch(booking, **same).json()["priceDifference"]["amount"] == "0.00"
    assert patch(booking).status_code == 200
    with as_owner():
        assert Booking.objects.get(pk=booking.pk).total == booking.total
        assert not BookingChange.objects.filter(booking=booking).exists()


def test_line_ends_of_a_browser_are_no_change_and_what_the_api_took_the_page_takes(client):
    written = "One\nTwo " + "x" * 1990
    booking = make_booking(start=in_days(10), length=3, special_requests=written)
    sent = typed(booking, special_requests=written.replace("\n", "\r\n"), price="1")
    assert "Nothing is different yet." in client.post(url_of(booking), sent).content.decode()
