"""PATCH /api/bookings/{id}: contact, places and times; days and car, with the price difference said first."""

import pytest

from bookings.models import Booking, BookingChange, CarAvailability
from bookings.tests.api.test_bookings import fields_of
from bookings.tests.support.api import Api, error
from bookings.tests.support.factories import (
    CarFactory,
    LocationFactory,
    in_days,
    make_booking,
    make_desk,
    make_manager,
)
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db


def money(amount):
    return {"amount": amount, "currency": "EUR"}


def days_of(booking):
    with as_owner():
        rows = CarAvailability.objects.filter(booking=booking).order_by("date")
        return [(row.car_id, row.date) for row in rows]


@pytest.mark.parametrize("who", ["customer", "staff"])
def test_contact_places_and_times_are_changed(who):
    booking, there = make_booking(), LocationFactory(name="Faro")
    api = Api(bearer=booking.secret) if who == "customer" else Api(user=make_desk())
    body = api.patch(
        f"/api/bookings/{booking.pk}",
        {
            "phone": "+351 1",
            "specialRequests": "Two keys",
            "pickupTime": "11:30",
            "returnTime": "17:45",
            "dropOffLocationId": there.pk,
        },
    ).json()
    assert body["customer"]["phone"] == "+351 1"
    assert (body["specialRequests"], body["pickupTime"], body["returnTime"]) == ("Two keys", "11:30", "17:45")
    assert body["pickUpLocation"]["id"] == booking.car.location.pk
    assert body["dropOffLocation"] == {"id": there.pk, "name": "Faro", "timeZone": "Europe/Paris"}
    assert body.pop("priceDifference") == {"amount": "0.00", "currency": "EUR"}
    assert api.get(f"/api/bookings/{booking.pk}").json() == body


def test_what_is_not_sent_stays():
    booking = make_booking(special_requests="Roof box")
    api = Api(bearer=booking.secret)
    before = api.get(f"/api/bookings/{booking.pk}").json()
    same = {"priceDifference": {"amount": "0.00", "currency": "EUR"}}
    assert api.patch(f"/api/bookings/{booking.pk}", {}).json() == before | same
    after = api.patch(f"/api/bookings/{booking.pk}", {"specialRequests": ""}).json()
    assert after == before | same | {"specialRequests": ""}


def test_a_preview_shows_the_change_and_makes_none():
    booking, there = make_booking(), LocationFactory()
    api, path = Api(bearer=booking.secret), f"/api/bookings/{booking.pk}"
    before = api.get(path).json()
    change = {"phone": "1", "pickupTime": "11:00", "dropOffLocationId": there.pk}
    shown = api.patch(f"{path}?preview=true", change).json()
    assert (shown["customer"]["phone"], shown["pickupTime"]) == ("1", "11:00")
    assert (shown["dropOffLocation"]["id"], shown["quote"]) == (there.pk, before["quote"])
    assert api.get(path).json() == before
    assert list(fields_of(api.patch(f"{path}?preview=maybe", change))) == ["preview"]
    assert api.patch(f"{path}?preview=false", change).json() == shown


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"startDate": "2001-02-30"}, "startDate"),
        ({"endDate": "2001-01-01"}, "endDate"),
        ({"carId": None}, "carId"),
        ({"status": "upcoming"}, "status"),
        ({"phone": None}, "phone"),
        ({"pickupTime": "24:00"}, "pickupTime"),
        ({"pickupTime": "09:59"}, "pickupTime"),
        ({"returnTime": "18:01"}, "returnTime"),
        ({"pickUpLocationId": 10**9}, "pickUpLocationId"),
    ],
)
def test_what_cannot_be_changed_is_named_and_nothing_changes(change, field):
    booking = make_booking()
    api = Api(bearer=booking.secret)
    before = api.get(f"/api/bookings/{booking.pk}").json()
    response = api.patch(f"/api/bookings/{booking.pk}", {"specialRequests": "x"} | change)
    assert list(fields_of(response)) == [field]
    assert api.get(f"/api/bookings/{booking.pk}").json() == before


def test_a_car_comes_back_after_it_was_picked_up():
    booking = make_booking(length=1)
    change = {"pickupTime": "14:00", "returnTime": "14:00"}
    response = Api(bearer=booking.secret).patch(f"/api/bookings/{booking.pk}", change)
    assert list(fields_of(response)) == ["returnTime"]


@pytest.mark.parametrize(
    ("status", "pick_up", "others"),
    [
        ("pending", 200, 200),
        ("upcoming", 200, 200),
        ("active", 422, 200),
        ("completed", 422, 422),
        ("cancelled", 422, 422),
        ("refunded", 422, 422),
    ],
)
def test_a_booking_can_be_changed_until_it_happened(status, pick_up, others):
    booking = make_booking(status=status)
    path = f"/api/bookings/{booking.pk}"
    for api in (Api(bearer=booking.secret), Api(user=make_desk())):
        assert api.patch(path, {"pickupTime": "11:00"}).status_code == pick_up
        assert api.patch(path, {"phone": "1", "returnTime": "17:00"}).status_code == others


# --- Days and car ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["customer", "staff"])
def test_days_are_changed_and_priced_as_of_today(who):
    booking = make_booking(start=in_days(10), length=2)
    api = Api(bearer=booking.secret) if who == "customer" else Api(user=make_desk())
    path, change = f"/api/bookings/{booking.pk}", {"endDate": str(in_days(13))}
    shown = api.patch(f"{path}?preview=true", change).json()
    assert (shown["startDate"], shown["endDate"]) == (str(in_days(10)), str(in_days(13)))
    assert (shown["quote"]["total"], shown["priceDifference"]) == (money("960.00"), money("480.00"))
    assert len(days_of(booking)) == 2
    assert api.patch(path, change).json() == shown
    assert days_of(booking) == [(booking.car_id, in_days(n)) for n in (10, 11, 12, 13)]
    shorter = api.patch(path, {"startDate": str(in_days(12))}).json()
    assert shorter["priceDifference"] == money("-480.00")
    with as_owner():
        kept = BookingChange.objects.filter(booking=booking).order_by("created_at")
        assert [(str(row.difference), row.actor_kind) for row in kept] == [("480.00", who), ("-480.00", who)]


def test_another_car_takes_the_booking_over():
    booking, other = make_booking(start=in_days(10), length=2), CarFactory(daily_rate="300.00")
    body = Api(bearer=booking.secret).patch(f"/api/bookings/{booking.pk}", {"carId": other.pk}).json()
    assert (body["car"]["id"], body["priceDifference"]) == (other.pk, money("120.00"))
    assert days_of(booking) == [(other.pk, in_days(10)), (other.pk, in_days(11))]


def test_taken_days_are_refused_with_alternatives_and_nothing_changes():
    booking = make_booking(start=in_days(10), length=2)
    make_booking(car=booking.car, start=in_days(12), length=2)
    response = Api(bearer=booking.secret).patch(
        f"/api/bookings/{booking.pk}",
        {"startDate": str(in_days(11)), "endDate": str(in_days(12)), "phone": "1"},
    )
    assert error(response) == (409, "dates_taken")
    nearest = response.json()["error"]["details"]["alternatives"][0]
    assert (nearest["start"], nearest["end"]) == (str(in_days(10)), str(in_days(11)))
    assert days_of(booking) == [(booking.car_id, in_days(10)), (booking.car_id, in_days(11))]
    with as_owner():
        assert Booking.objects.get(pk=booking.pk).phone == booking.phone


def test_a_broken_rule_is_refused_and_a_manager_may_set_it_aside():
    booking = make_booking(car=CarFactory(max_days=2), start=in_days(10), length=2)
    path, change = f"/api/bookings/{booking.pk}", {"endDate": str(in_days(13))}
    assert error(Api(bearer=booking.secret).patch(path, change)) == (422, "rules_refused")
    override = change | {"override": {"reason": "Regular customer"}}
    for api in (Api(bearer=booking.secret), Api(user=make_desk())):
        assert error(api.patch(path, override)) == (403, "forbidden")
    assert Api(user=make_manager()).patch(path, override).json()["endDate"] == str(in_days(13))


def test_customers_change_days_until_48_hours_before_pick_up_and_staff_later():
    booking = make_booking(start=in_days(1), length=2)
    path, change = f"/api/bookings/{booking.pk}", {"endDate": str(in_days(3))}
    customer = Api(bearer=booking.secret)
    assert error(customer.patch(path, change)) == (403, "forbidden")
    assert customer.patch(path, {"phone": "1"}).status_code == 200
    assert Api(user=make_desk()).patch(path, change).status_code == 200


def test_a_car_that_is_not_there_is_not_found():
    booking = make_booking()
    response = Api(bearer=booking.secret).patch(f"/api/bookings/{booking.pk}", {"carId": 10**9})
    assert error(response) == (404, "not_found")
