"""How staff price a change and what managers adjust, through the API."""

import pytest

from bookings.tests.api.test_bookings import body_for, fields_of
from bookings.tests.support.api import Api, error
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_desk, make_manager
from cars.models import Car
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db


def eur(amount):
    return {"amount": amount, "currency": "EUR"}


LINE = {"amount": eur("-60.00"), "reason": "Dirty car"}


@pytest.fixture
def booking():
    """Four days at €240, which cost €300 by now."""
    booking = make_booking(car=CarFactory(daily_rate="240.00"), start=in_days(10))
    with as_owner():
        Car.objects.update(daily_rate="300.00")
    return booking


@pytest.mark.parametrize(
    ("pricing", "total"), [(None, "1260.00"), ("added", "1260.00"), ("kept", "960.00"), ("today", "1500.00")]
)
def test_staff_say_how_a_change_is_priced(booking, pricing, total):
    sent = {"endDate": f"{in_days(14)}"} | ({"pricing": pricing} if pricing else {})
    body = Api(user=make_manager()).patch(f"/api/bookings/{booking.pk}?preview=true", sent).json()
    assert body["quote"]["total"] == eur(total)


def test_only_staff_do_and_only_managers_give_something_away(booking):
    path, sent = f"/api/bookings/{booking.pk}", {"endDate": f"{in_days(14)}", "pricing": "kept"}
    assert error(Api(bearer=booking.secret).patch(path, sent)) == (403, "forbidden")
    assert error(Api(user=make_desk()).patch(path, sent)) == (403, "forbidden")
    assert list(fields_of(Api(user=make_manager()).patch(path, {"pricing": "free"}))) == ["pricing"]


def test_a_manager_adjusts_a_price_and_null_takes_it_off(booking):
    path, api = f"/api/bookings/{booking.pk}", Api(user=make_manager())
    body = api.patch(path, {"adjustment": LINE}).json()
    assert (body["quote"]["total"], body["priceDifference"]) == (eur("900.00"), eur("-60.00"))
    assert body["quote"]["lines"][-1] == {
        "code": "adjustment",
        "label": "Adjustment: Dirty car",
        "quantity": 1,
        "unitPrice": eur("-60.00"),
        "tax": eur("-10.00"),
        "amount": eur("-60.00"),
    }
    assert api.patch(path, {"phone": "+351 1"}).json()["quote"]["total"] == eur("900.00")
    assert api.patch(path, {"adjustment": None}).json()["quote"]["total"] == eur("960.00")


@pytest.mark.parametrize("line", [LINE, None])
def test_nobody_else_adjusts(booking, line):
    for api in (Api(bearer=booking.secret), Api(user=make_desk())):
        assert error(api.patch(f"/api/bookings/{booking.pk}", {"adjustment": line})) == (403, "forbidden")
    for api in (Api(), Api(user=make_desk())):
        assert error(api.post("/api/bookings", body_for(CarFactory(), adjustment=LINE))) == (403, "forbidden")


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (LINE | {"reason": ""}, "adjustment.reason"),
        (LINE | {"reason": "x" * 201}, "adjustment.reason"),
        (LINE | {"amount": eur("-9999")}, "adjustment.amount"),
        (LINE | {"amount": {"amount": "5", "currency": "CHF"}}, "adjustment.amount"),
    ],
)
def test_an_adjustment_that_cannot_be_is_named(booking, line, field):
    api = Api(user=make_manager())
    assert list(fields_of(api.patch(f"/api/bookings/{booking.pk}", {"adjustment": line}))) == [field]
    assert list(fields_of(api.post("/api/bookings", body_for(CarFactory(), adjustment=line)))) == [field]


def test_a_new_booking_may_be_adjusted(booking):
    sent = body_for(CarFactory(daily_rate="100.00"), source="staff", adjustment=LINE)
    answer = Api(user=make_manager()).post("/api/bookings", sent, Idempotency_Key="k1")
    assert answer.status_code == 201
    assert answer.json()["quote"]["lines"][-1]["label"] == "Adjustment: Dirty car"
    other = sent | {"adjustment": LINE | {"reason": "Another"}}
    again = Api(user=make_manager()).post("/api/bookings", other, Idempotency_Key="k2")
    assert again.status_code == 409
