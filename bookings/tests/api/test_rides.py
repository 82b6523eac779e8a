"""Rides in the JSON API: told apart from rentals, with all that is known of them."""

import pytest

from bookings.lifecycle.rides.request import RideDetails
from bookings.tests.support.api import Api, error
from bookings.tests.support.booked_rides import DAY, Chauffeurs
from bookings.tests.support.factories import in_days, make_booking

pytestmark = pytest.mark.django_db
SAID = RideDetails(from_text="Blue door 7", to_text="Red door", flight_number="ly 322", sign_name="Ms Silva")


@pytest.fixture
def hired():
    return Chauffeurs(name="Driver by the hour")


def test_a_booking_says_its_kind_and_its_ride(hired):
    booking = hired.book(details=SAID, passengers=3, bags=1)
    answer = Api(bearer=booking.secret).get(f"/api/bookings/{booking.pk}").json()
    assert (answer["kind"], answer["startDate"], answer["pickupTime"]) == (
        "hourly",
        f"{in_days(DAY)}",
        "10:00",
    )
    hours = hired.wish().hours
    assert answer["ride"] == {
        "serviceId": hired.service.pk,
        "service": "Driver by the hour",
        "carClassId": hired.car_class.pk,
        "carClass": hired.car_class.name,
        "startsAt": f"{hours.starts_at:%Y-%m-%dT%H:%M:%SZ}",
        "endsAt": f"{hours.ends_at:%Y-%m-%dT%H:%M:%SZ}",
        "timeZone": hired.place.time_zone,
        "fromPlace": None,
        "toPlace": None,
        "fromText": "Blue door 7",
        "toText": "Red door",
        "flightNumber": "LY322",
        "signName": "Ms Silva",
        "passengers": 3,
        "children": 0,
        "bags": 1,
        "driverName": "",
    }


def test_a_rental_has_none():
    booking = make_booking()
    answer = Api(bearer=booking.secret).get(f"/api/bookings/{booking.pk}").json()
    assert (answer["kind"], answer["ride"]) == ("rental", None)


def test_a_ride_that_is_held_is_not_booked_as_a_rental(hired):
    hold = hired.hold()
    body = {
        "carId": hold.car_id,
        "startDate": f"{hold.start_date}",
        "endDate": f"{hold.end_date}",
        "customer": {"fullName": "Marta Oliveira", "email": "marta@example.com"},
        "holdToken": hold.token,
    }
    answer = Api().post("/api/bookings", body)
    assert error(answer) == (422, "invalid")


def test_its_days_are_not_changed_through_the_api(hired):
    booking = hired.book()
    customer, day = Api(bearer=booking.secret), f"{in_days(DAY + 1)}"
    moved = customer.patch(f"/api/bookings/{booking.pk}", {"startDate": day, "endDate": day})
    assert error(moved) == (422, "invalid")
    said = customer.patch(f"/api/bookings/{booking.pk}", {"specialRequests": "A quiet car"})
    assert (said.status_code, said.json()["specialRequests"]) == (200, "A quiet car")
