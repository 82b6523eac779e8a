"""Extras in the API: what is offered and left, booked with a car, changed with a booking."""

import pytest

from bookings.lifecycle.request import Details
from bookings.models import BookingExtra
from bookings.tests.api.test_bookings import body_for, fields_of, stored
from bookings.tests.support.api import Api, error
from bookings.tests.support.factories import CarFactory, LocationFactory, in_days, make_booking, make_desk
from cars.models import Extra, Fee
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db


def make_extra(**fields):
    with as_owner():
        return Extra.objects.create(**{"name": "Child seat", "price": "8.00", "per": "day", **fields})


def ask(place, start=3, end=5, **headers):
    api = Api()
    api.headers |= headers
    return api.get("/api/extras", start=str(in_days(start)), end=str(in_days(end)), location_id=place.pk)


def left_at(place, start=3, end=5):
    return {row["id"]: row["left"] for row in ask(place, start, end).json()["items"]}


def extras_of(booking_id):
    with as_owner():
        return list(BookingExtra.objects.filter(booking=booking_id).values_list("extra", "quantity"))


def test_offered_extras_of_a_place_cheapest_first():
    here, there = LocationFactory(), LocationFactory()
    seat = make_extra(name_fr="Siège enfant", stock=3, max_per_booking=2)
    box = make_extra(name="Roof box", price="5.00", per="rental", location=here)
    make_extra(location=there), make_extra(is_offered=False), make_extra(stock=0)
    assert ask(here, **{"Accept-Language": "fr"}).json() == {
        "items": [
            {
                "id": box.pk,
                "name": "Roof box",
                "price": {"amount": "5.00", "currency": "EUR"},
                "per": "rental",
                "left": 1,
                "maxPerBooking": 1,
            },
            {
                "id": seat.pk,
                "name": "Siège enfant",
                "price": {"amount": "8.00", "currency": "EUR"},
                "per": "day",
                "left": 3,
                "maxPerBooking": 2,
            },
        ]
    }


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"start": "2001-03-11", "end": "2001-03-10", "location_id": 1}, "end"),
        ({"start": "2001-03-11", "end": "2004-03-10", "location_id": 1}, "end"),
        ({"start": "2001-03-11", "end": "2001-03-11"}, "location_id"),
    ],
)
def test_what_cannot_be_asked_for(params, field):
    LocationFactory(pk=1)
    assert list(fields_of(Api().get("/api/extras", **params))) == [field]


def test_extras_of_no_place_are_not_found():
    days = {"start": str(in_days(3)), "end": str(in_days(3))}
    assert error(Api().get("/api/extras", **days, location_id=2**62)) == (404, "not_found")


def test_extras_are_booked_priced_and_counted_on_every_day():
    car, seat = CarFactory(daily_rate="100.00"), make_extra(stock=3, max_per_booking=2)
    wanted = {"extras": [{"id": seat.pk, "quantity": 2}]}
    answer = Api().post("/api/bookings", body_for(car, 3, 5, **wanted)).json()
    assert answer["quote"]["total"] == {"amount": "348.00", "currency": "EUR"}
    assert extras_of(answer["bookingId"]) == [(seat.pk, 2)]
    assert left_at(car.location) == {seat.pk: 1}
    assert left_at(car.location, 6, 9) == {seat.pk: 3}
    refused = Api().post("/api/bookings", body_for(CarFactory(), 5, 6, **wanted))
    assert list(fields_of(refused)) == ["extras"]


@pytest.mark.parametrize("wrong", ["unknown", "twice", "elsewhere", "too many"])
def test_extras_that_cannot_be_had_are_refused_and_nothing_is_booked(wrong):
    car, seat = CarFactory(), make_extra(stock=9)
    elsewhere = make_extra(location=LocationFactory())
    extras = {
        "unknown": [{"id": 2**62, "quantity": 1}],
        "twice": [{"id": seat.pk, "quantity": 1}] * 2,
        "elsewhere": [{"id": elsewhere.pk, "quantity": 1}],
        "too many": [{"id": seat.pk, "quantity": 2}],
    }[wrong]
    assert list(fields_of(Api().post("/api/bookings", body_for(car, extras=extras)))) == ["extras"]
    assert Api().post("/api/bookings", body_for(car)).status_code == 201


def test_delivery_and_a_young_driver_cost_their_fees():
    car = CarFactory(daily_rate="100.00", minimum_age=21)
    with as_owner():
        Fee.objects.create(name="Delivery", kind="delivery", amount="30.00")
        Fee.objects.create(name="Young driver", kind="young_driver", amount="12.00", per="day", below_age=25)
    body = body_for(car, 3, 4, delivery=True, deliveryAddress="Rua do Sol 1, Porto", driverAge=22)
    answer = Api().post("/api/bookings", body).json()
    assert answer["quote"]["total"]["amount"] == "254.00"
    booking = stored(answer["bookingId"])
    assert (booking.delivery, booking.driver_age) == (True, 22)
    plain = Api().post("/api/bookings", body_for(car, 10, 11, driverAge=25)).json()
    assert plain["quote"]["total"]["amount"] == "200.00"


@pytest.mark.parametrize(
    "more", [{"delivery": True, "deliveryAddress": "Rua 1"}, {"driverAge": 30}, "extras"]
)
def test_a_key_with_other_wishes_is_another_request(more):
    seat = make_extra()
    more = {"extras": [{"id": seat.pk, "quantity": 1}]} if more == "extras" else more
    body = body_for(CarFactory())
    assert Api().post("/api/bookings", body, Idempotency_Key="k").status_code == 201
    again = Api().post("/api/bookings", body | more, Idempotency_Key="k")
    assert error(again) == (422, "idempotency_key_reused")


def test_extras_of_a_booking_are_replaced_and_the_difference_is_said():
    seat, box = (
        make_extra(stock=4, max_per_booking=4),
        make_extra(name="Roof box", price="20.00", per="rental"),
    )
    booking = make_booking(length=2)
    api, path = Api(bearer=booking.secret), f"/api/bookings/{booking.pk}"
    two = {"extras": [{"id": seat.pk, "quantity": 2}]}
    assert api.patch(f"{path}?preview=true", two).json()["priceDifference"]["amount"] == "32.00"
    assert extras_of(booking.pk) == []
    assert api.patch(path, two).json()["priceDifference"]["amount"] == "32.00"
    assert extras_of(booking.pk) == [(seat.pk, 2)]
    one = {"extras": [{"id": box.pk, "quantity": 1}]}
    assert api.patch(path, one).json()["priceDifference"]["amount"] == "-12.00"
    assert api.patch(path, {"phone": "1"}).json()["priceDifference"]["amount"] == "0.00"
    assert extras_of(booking.pk) == [(box.pk, 1)]
    assert api.patch(path, {"extras": []}).json()["priceDifference"]["amount"] == "-20.00"
    assert extras_of(booking.pk) == []
    assert list(fields_of(api.patch(path, {"extras": [{"id": 2**62, "quantity": 1}]}))) == ["extras"]


def test_a_booking_answers_with_its_extras_as_they_are_sent():
    seat = make_extra(stock=4, max_per_booking=4)
    booking, staff = make_booking(), Api(user=make_desk())
    api, path = Api(bearer=booking.secret), f"/api/bookings/{booking.pk}"
    two = [{"id": seat.pk, "quantity": 2}]
    assert api.get(path).json()["extras"] == []
    assert api.patch(f"{path}?preview=true", {"extras": two}).json()["extras"] == two
    assert api.get(path).json()["extras"] == []
    assert api.patch(path, {"extras": two}).json()["extras"] == two
    assert api.get(path).json()["extras"] == two
    assert staff.get("/api/bookings").json()["items"][0]["extras"] == two
    assert staff.patch(f"{path}/status", {"status": "upcoming"}).json()["extras"] == two
    assert staff.patch(f"{path}/status", {"status": "cancelled"}).json()["extras"] == []


def test_what_a_booking_has_can_be_sent_again_though_it_is_not_offered_any_more():
    seat, box = make_extra(), make_extra(name="Roof box", max_per_booking=2, stock=2)
    with as_owner():
        seat.refresh_from_db()
    booking = make_booking(details=Details(extras=((seat, 1),)))
    with as_owner():
        Extra.objects.filter(pk=seat.pk).update(is_offered=False)
    api, path = Api(bearer=booking.secret), f"/api/bookings/{booking.pk}"
    both = [{"id": seat.pk, "quantity": 1}, {"id": box.pk, "quantity": 2}]
    assert api.patch(path, {"extras": both}).json()["extras"] == both
    other = make_booking()
    refused = Api(bearer=other.secret).patch(f"/api/bookings/{other.pk}", {"extras": both})
    assert list(fields_of(refused)) == ["extras"]


def test_delivery_and_the_drivers_age_are_changed_and_priced():
    with as_owner():
        Fee.objects.create(name="Delivery", kind="delivery", amount="60.00")
        Fee.objects.create(name="Young driver", kind="young_driver", amount="10.00", per="day", below_age=30)
    booking = make_booking(car=CarFactory(minimum_age=21), length=2)
    api, path = Api(bearer=booking.secret), f"/api/bookings/{booking.pk}"
    body = api.patch(
        path, {"delivery": True, "deliveryAddress": "Rua do Sol 1, Porto", "driverAge": 22}
    ).json()
    assert (body["delivery"], body["driverAge"]) == (True, 22)
    assert body["priceDifference"]["amount"] == "80.00"
    assert api.patch(path, {"delivery": False}).json()["priceDifference"]["amount"] == "-60.00"
    assert list(fields_of(api.patch(path, {"driverAge": 5}))) == ["driverAge"]
    assert list(fields_of(api.patch(path, {"delivery": None}))) == ["delivery"]
