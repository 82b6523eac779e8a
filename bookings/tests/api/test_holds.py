"""/api/holds: place, extend once, release; only for whoever has the token."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings.availability.holds import extend_hold
from bookings.models import CarAvailability, Hold
from bookings.tests.support.api import Api, error, staff_token
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_desk, make_hold
from cars.models import Car
from exodrive.rls import PUBLIC, acting_as, as_owner

pytestmark = pytest.mark.django_db


def body_for(car, start=3, end=5):
    return {"carId": car.pk, "startDate": str(in_days(start)), "endDate": str(in_days(end))}


def held_days(hold_id):
    with as_owner():
        return list(
            CarAvailability.objects.filter(hold=hold_id).order_by("date").values_list("date", flat=True)
        )


def test_a_hold_keeps_the_days_for_15_minutes():
    car, before = CarFactory(), timezone.now()
    response = Api().post("/api/holds", body_for(car))
    assert response.status_code == 201
    body = response.json()
    assert sorted(body) == ["expiresAt", "id", "quote", "token"]
    assert body["quote"]["total"] == {"amount": "720.00", "currency": "EUR"}
    expires = datetime.fromisoformat(body["expiresAt"])
    assert timedelta(0) <= expires - before - timedelta(minutes=15) < timedelta(seconds=20)
    assert held_days(body["id"]) == [in_days(3), in_days(4), in_days(5)]
    assert len(body["token"]) == 22


def test_taken_days_are_refused_with_reasons_and_alternatives():
    car = CarFactory()
    make_booking(car=car, start=in_days(3), length=2)
    response = Api().post("/api/holds", body_for(car, 4, 4))
    assert error(response) == (409, "dates_taken")
    details = response.json()["error"]["details"]
    assert [reason["code"] for reason in details["reasons"]] == ["taken"]
    assert [(a["kind"], a["carId"], a["start"]) for a in details["alternatives"]] == [
        ("dates", car.pk, str(in_days(5))),
        ("dates", car.pk, str(in_days(2))),
    ]
    assert details["alternatives"][0]["quote"]["deposit"] == {"amount": "2000.00", "currency": "EUR"}


def test_a_broken_rule_is_refused_with_every_reason():
    response = Api().post("/api/holds", body_for(CarFactory(max_days=2), -2, 3))
    assert error(response) == (422, "rules_refused")
    reasons = response.json()["error"]["details"]["reasons"]
    assert {reason["code"] for reason in reasons} == {"past_day", "max_days"}


def test_staff_may_see_a_car_that_is_not_offered_but_nobody_can_hold_it():
    retired = CarFactory(status=Car.Status.RETIRED)
    assert error(Api().post("/api/holds", body_for(retired))) == (404, "not_found")
    response = Api(user=make_desk()).post("/api/holds", body_for(retired))
    assert error(response) == (422, "rules_refused")
    assert [r["code"] for r in response.json()["error"]["details"]["reasons"]] == ["not_offered"]


def test_a_hold_is_extended_once():
    hold = make_hold(at=timezone.now() - timedelta(minutes=10))
    api, path = Api(bearer=hold.token), f"/api/holds/{hold.pk}"
    response = api.patch(path)
    assert response.status_code == 200
    assert response.json()["token"] == hold.token
    left = datetime.fromisoformat(response.json()["expiresAt"]) - timezone.now()
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)
    assert error(api.patch(path)) == (409, "hold_expired")


def test_a_lapsed_hold_is_not_extended():
    hold = make_hold(at=timezone.now() - timedelta(minutes=16))
    assert error(Api(bearer=hold.token).patch(f"/api/holds/{hold.pk}")) == (409, "hold_expired")


def test_a_hold_is_released_once():
    hold = make_hold()
    api, path = Api(bearer=hold.token), f"/api/holds/{hold.pk}"
    response = api.delete(path)
    assert (response.status_code, response.content) == (204, b"")
    assert held_days(hold.pk) == []
    assert error(api.delete(path)) == (404, "not_found")


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_hold_is_not_found_by_anybody_else(method):
    hold, other, booking = make_hold(), make_hold(), make_booking()
    desk, path = make_desk(), f"/api/holds/{hold.pk}"
    callers = [
        Api(),
        Api(bearer=other.token),
        Api(bearer=booking.secret),
        Api(bearer="x" * 22),
        Api(bearer="exo_staff_" + "x" * 32),
        Api(user=desk),
        Api(user=desk, csrf=False),
        Api(bearer=staff_token(desk)),
    ]
    assert [error(api(method, path)) for api in callers] == [(404, "not_found")] * len(callers)
    assert error(Api(bearer=hold.token)(method, f"/api/holds/{uuid4()}")) == (404, "not_found")
    with as_owner():
        assert Hold.objects.get(pk=hold.pk).extended_at is None


def test_a_hold_that_became_a_booking_can_no_longer_be_changed():
    hold = make_hold()
    body = body_for(hold.car, 3, 6) | {"customer": {"fullName": "Marta", "email": "m@example.com"}}
    assert Api().post("/api/bookings", body | {"holdToken": hold.token}).status_code == 201
    api, path = Api(bearer=hold.token), f"/api/holds/{hold.pk}"
    assert error(api.patch(path)) == (409, "hold_expired")
    assert error(api.delete(path)) == (404, "not_found")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"carId": "1"}, "carId"),
        ({"carId": True}, "carId"),
        ({"carId": 1.5}, "carId"),
        ({"carId": 0}, "carId"),
        ({"carId": 2**63}, "carId"),
        ({"carId": 10**400}, "carId"),
        ({"carId": None}, "carId"),
        ({"startDate": 0}, "startDate"),
        ({"startDate": "2001-03-11T00:00:00"}, "startDate"),
        ({"startDate": "0000-00-00"}, "startDate"),
        ({"startDate": "1999-12-31"}, "startDate"),
        ({"endDate": "2200-01-01"}, "endDate"),
        ({"endDate": "2001-01-01"}, "endDate"),
        ({"endDate": ["2001-03-11"]}, "endDate"),
        ({"car_id": 1}, "car_id"),
        ({"total": "0.00"}, "total"),
    ],
)
def test_a_wrong_field_is_named(change, field):
    response = Api().post("/api/holds", body_for(CarFactory()) | change)
    assert error(response) == (422, "invalid")
    assert list(response.json()["error"]["details"]["fields"]) == [field]


def test_extending_keeps_the_hold_of_its_owner_only():
    mine, other = make_hold(), make_hold()
    with acting_as(PUBLIC, token=other.token):
        extend_hold(hold=other, at=timezone.now())
    with as_owner():
        assert Hold.objects.get(pk=mine.pk).extended_at is None
