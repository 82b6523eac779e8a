"""Another car in the middle of a rental, by the API, and the cars of a booking in its answers."""

import pytest

from bookings.lifecycle.request import Person
from bookings.tests.support.api import Api
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_desk
from bookings.tests.support.swapping import make_rental, swap
from cars.models import Car
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db
TOLD = {"reason": "Gearbox", "odometer": 45_120, "fuel": 4, "from": "active"}


@pytest.fixture
def api():
    return Api(user=make_desk())


def segments(*parts):
    return [
        {
            "carId": car.pk,
            "carName": car.name,
            "startDate": str(in_days(first)),
            "endDate": str(in_days(last)),
        }
        for car, first, last in parts
    ]


def test_staff_swap_the_car_and_read_what_became_of_the_old_one(api):
    booking, new = make_rental(), CarFactory()
    other = make_booking(car=booking.car, start=in_days(6), length=1, who=Person("Bo", "bo@example.com"))
    body = TOLD | {"carId": new.pk, "blockUntil": str(in_days(7)), "insteadOf": booking.car_id}
    answer = api.post(f"/api/bookings/{booking.pk}/swap", body)
    assert answer.status_code == 200
    found = answer.json()
    assert found["car"]["id"] == new.pk
    assert found["segments"] == segments((booking.car, -3, -1), (new, 0, 4))
    assert [(block["startDate"], block["endDate"]) for block in found["blocks"]] == [
        (str(in_days(0)), str(in_days(5))),
        (str(in_days(7)), str(in_days(7))),
    ]
    assert [one["reference"] for one in found["inTheWay"]] == [other.reference]
    assert found["held"] is False


def test_a_booking_of_one_car_has_one_segment(api):
    booking = make_booking()
    shown = api.get(f"/api/bookings/{booking.pk}").json()
    assert shown["segments"] == segments((booking.car, 3, 6))


def test_its_customer_reads_both_cars_also_one_that_is_not_offered_any_more():
    old = CarFactory()
    booking = make_rental(car=old)
    new = swap(booking, CarFactory()).booking.car
    with as_owner():
        Car.objects.filter(pk=old.pk).update(status="maintenance")
    shown = Api(bearer=booking.secret).get(f"/api/bookings/{booking.pk}").json()
    assert shown["segments"] == segments((old, -3, -1), (new, 0, 4))


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"odometer": 2_000_000}, 422, "invalid"),
        ({"carId": 999_999}, 404, "not_found"),
        ({"insteadOf": 999_999}, 409, "changed_meanwhile"),
        ({"exception": True}, 403, "forbidden"),
        ({"blockUntil": "2019-01-01"}, 422, "invalid"),
    ],
)
def test_what_the_verb_refuses_has_its_code(api, change, status, code):
    booking, new = make_rental(), CarFactory()
    answer = api.post(f"/api/bookings/{booking.pk}/swap", TOLD | {"carId": new.pk} | change)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_taken_days_and_a_booking_that_has_not_begun_are_refused(api):
    new = CarFactory()
    make_booking(car=new, start=in_days(2), length=1, who=Person("Bo", "bo@example.com"))
    for booking, code in ((make_rental(), "dates_taken"), (make_booking(), "status_changed")):
        answer = api.post(f"/api/bookings/{booking.pk}/swap", TOLD | {"carId": new.pk})
        assert answer.json()["error"]["code"] == code


def test_a_change_cannot_swap_the_car_of_a_rental_that_is_out(api):
    booking = make_rental()
    answer = api.patch(f"/api/bookings/{booking.pk}", {"carId": CarFactory().pk})
    assert (answer.status_code, list(answer.json()["error"]["details"]["fields"])) == (422, ["carId"])
