"""PATCH /api/bookings/{id} of a ride: another time with the price difference said first, and what the driver has to know."""

import pytest
from django.utils import timezone

from bookings.models import Booking, BookingChange
from bookings.tests.support.api import Api, error
from bookings.tests.support.booked_rides import DAY, Chauffeurs, settle
from bookings.tests.support.factories import in_days, make_booking, make_desk, make_manager
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def hired():
    return Chauffeurs(name="Driver by the hour")


@pytest.fixture
def booking(hired):
    made = hired.book("10:00")
    settle()
    return made


def at_clock(clock, day=DAY):
    return f"{in_days(day)}T{clock}"


def url_of(booking):
    return f"/api/bookings/{booking.pk}"


def details_of(response):
    return response.json()["error"]["details"]


@pytest.mark.parametrize("who", ["customer", "staff"])
def test_a_preview_and_then_the_change(booking, who):
    api = Api(bearer=booking.secret) if who == "customer" else Api(user=make_desk())
    asked = {
        "start": at_clock("15:00"),
        "minutes": 180,
        "ride": {"fromText": "1 Main Street", "passengers": 2},
    }
    seen = api.patch(f"{url_of(booking)}?preview=true", asked).json()
    assert seen["priceDifference"] == {"amount": "90.00", "currency": "EUR"}
    assert (seen["pickupTime"], seen["returnTime"]) == ("15:00", "18:00")
    assert api.get(url_of(booking)).json()["pickupTime"] == "10:00"
    done = api.patch(
        url_of(booking), {**asked, "agreedTotal": {"amount": "270.00", "currency": "EUR"}}
    ).json()
    ride = done["ride"]
    assert (ride["fromText"], ride["passengers"]) == ("1 Main Street", 2)
    assert ride["startsAt"] == seen["ride"]["startsAt"] != f"{booking.ride.starts_at:%Y-%m-%dT%H:%M:%SZ}"
    assert (done.pop("priceDifference"), api.get(url_of(booking)).json()) == (seen["priceDifference"], done)
    settle()
    with as_owner():
        assert BookingChange.objects.get().actor_kind == who


def test_a_price_that_was_not_agreed_is_refused(booking):
    asked = {"minutes": 180, "agreedTotal": {"amount": "180.00", "currency": "EUR"}}
    refused = Api(bearer=booking.secret).patch(url_of(booking), asked)
    assert error(refused) == (409, "price_changed")


def test_a_taken_time_names_others(hired, booking):
    hired.book("15:00")
    settle()
    api = Api(bearer=booking.secret)
    refused = api.patch(url_of(booking), {"start": at_clock("15:30")})
    assert error(refused) == (409, "dates_taken")
    others = details_of(refused)["alternatives"]
    assert [(one["kind"], one["start"]) for one in others] == [
        ("time", at_clock("12:30")),
        ("time", at_clock("17:30")),
    ]
    assert api.patch(url_of(booking), {"start": others[0]["start"]}).status_code == 200


def test_all_rules_against_a_time_are_named(booking):
    asked = {"start": at_clock("21:10"), "minutes": 30, "ride": {"bags": 3}}
    refused = Api(bearer=booking.secret).patch(url_of(booking), asked)
    assert error(refused) == (422, "rules_refused")
    codes = {one["code"] for one in details_of(refused)["reasons"]}
    assert codes == {"min_duration", "step", "outside_hours", "luggage"}
    manager = Api(user=make_manager())
    assert (
        manager.patch(url_of(booking), {**asked, "ride": {}, "override": {"reason": "VIP"}}).status_code
        == 200
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"start": f"{in_days(DAY)} 10:30"}, "start"),
        ({"start": f"{in_days(DAY):%Y}-02-30T10:30"}, "start"),
        ({"minutes": 0}, "minutes"),
        ({"ride": {"flightNumber": "?"}}, "ride.flightNumber"),
        ({"ride": {"passengers": 0}}, "ride.passengers"),
        ({"ride": {"driverName": "Me"}}, "ride.driverName"),
        ({"startDate": f"{in_days(DAY)}"}, "startDate"),
        ({"carId": 1}, "carId"),
        ({"extras": []}, "extras"),
    ],
)
def test_what_cannot_be_is_named(booking, body, field):
    refused = Api(bearer=booking.secret).patch(url_of(booking), body)
    assert refused.status_code == 422
    assert set(details_of(refused)["fields"]) == {field}


def test_a_rental_has_no_hours():
    booking = make_booking()
    refused = Api(bearer=booking.secret).patch(url_of(booking), {"minutes": 60, "ride": {}})
    assert (refused.status_code, set(details_of(refused)["fields"])) == (422, {"minutes", "ride"})


def test_another_link_changes_nothing(hired, booking):
    other = hired.book("15:00")
    refused = Api(bearer=other.secret).patch(url_of(booking), {"ride": {"signName": "Me"}})
    assert refused.status_code == 404
    with as_owner():
        assert Booking.objects.get(pk=booking.pk).ride.sign_name == ""


def test_too_late_is_forbidden_for_customers_and_not_for_staff(booking):
    over = timezone.now().isoformat()
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(terms={**booking.terms, "cancel_until": over})
    asked = {"start": at_clock("15:00")}
    assert Api(bearer=booking.secret).patch(url_of(booking), asked).status_code == 403
    assert Api(user=make_desk()).patch(url_of(booking), asked).status_code == 200
