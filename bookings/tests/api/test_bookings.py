"""/api/bookings: making one."""

import pytest

from bookings.models import Booking, BookingLocation, Customer, StatusChange
from bookings.tests.support.api import Api, error, staff_token
from bookings.tests.support.factories import (
    CarFactory,
    LocationFactory,
    in_days,
    make_booking,
    make_desk,
    make_hold,
    make_manager,
)
from cars.models import Car
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db
CUSTOMER = {"fullName": "Zoë Müller-Dvořák", "email": "Zoe@Example.com", "phone": "+49 170 000 000"}


def body_for(car, start=3, end=5, **more):
    days = {"startDate": str(in_days(start)), "endDate": str(in_days(end))}
    return {"carId": car.pk, **days, "customer": CUSTOMER, **more}


def stored(booking_id):
    with as_owner():
        return Booking.objects.select_related("customer", "car").get(pk=booking_id)


def fields_of(response):
    assert error(response) == (422, "invalid")
    return response.json()["error"]["details"]["fields"]


def test_anybody_books_a_car(settings):
    car = CarFactory(daily_rate="100.00")
    body = body_for(car, specialRequests="  Child seat\nplease ", language="fr", source="mobile")
    response = Api().post("/api/bookings", body)
    assert response.status_code == 201
    answer = response.json()
    assert sorted(answer) == ["bookingId", "bookingUrl", "keepUntil", "quote", "reference", "status"]
    assert answer["status"] == "pending"
    assert answer["quote"]["total"] == {"amount": "300.00", "currency": "EUR"}
    booking = stored(answer["bookingId"])
    assert answer["reference"] == booking.reference
    with as_owner():
        assert answer["bookingUrl"] == f"{settings.SITE_URL}/fr/booking/{booking.token}/"
    assert (booking.full_name, booking.email, booking.phone) == tuple(CUSTOMER.values())
    assert (booking.special_requests, booking.language, booking.source) == (
        "Child seat\nplease",
        "fr",
        "mobile",
    )
    assert booking.customer.email == "zoe@example.com"


def test_the_link_in_the_answer_opens_the_booking():
    answer = Api().post("/api/bookings", body_for(CarFactory())).json()
    token = answer["bookingUrl"].rstrip("/").rpartition("/")[2]
    response = Api(bearer=token).get(f"/api/bookings/{answer['bookingId']}")
    assert response.json()["reference"] == answer["reference"]


def test_what_is_not_sent_has_a_default():
    response = Api().post("/api/bookings", body_for(CarFactory()), Accept_Language="pt-BR")
    booking = stored(response.json()["bookingId"])
    assert (booking.language, booking.source, booking.special_requests) == ("pt", "api", "")


def test_optional_fields_may_be_null():
    nothing = dict.fromkeys(["language", "holdToken", "pickUpLocationId", "dropOffLocationId", "override"])
    assert Api().post("/api/bookings", body_for(CarFactory()) | nothing).status_code == 201


def test_a_booking_can_begin_and_end_elsewhere():
    car, there = CarFactory(), LocationFactory(time_zone="Atlantic/Azores")
    body = body_for(car, pickUpLocationId=car.location_id, dropOffLocationId=there.pk)
    booking_id = Api().post("/api/bookings", body).json()["bookingId"]
    with as_owner():
        places = dict(BookingLocation.objects.filter(booking=booking_id).values_list("kind", "location"))
    assert places == {"pick_up": car.location_id, "drop_off": there.pk}


def test_a_booking_from_a_hold_takes_its_days_over():
    hold = make_hold(start=in_days(3), length=3)
    response = Api().post("/api/bookings", body_for(hold.car, holdToken=hold.token))
    assert response.status_code == 201
    booking = stored(response.json()["bookingId"])
    with as_owner():
        assert set(booking.ledger.values_list("status", "hold")) == {("pending", None)}


def test_a_hold_posted_again_answers_with_its_booking_whatever_the_body_or_key():
    hold = make_hold(start=in_days(3), length=3)
    post = Api().post
    first = post("/api/bookings", body_for(hold.car, holdToken=hold.token), Idempotency_Key="one")
    other_person = {"fullName": "Somebody Else", "email": "else@example.com"}
    body = body_for(CarFactory(), 20, 21, holdToken=hold.token) | {"customer": other_person}
    again = post("/api/bookings", body, Idempotency_Key="one")
    assert (again.status_code, again.json()) == (201, first.json())
    assert Api(user=make_desk()).post("/api/bookings", body).json()["bookingId"] == first.json()["bookingId"]
    with as_owner():
        assert Booking.objects.count() == 1


def test_a_hold_for_other_days_is_refused():
    hold = make_hold(start=in_days(3), length=3)
    assert error(Api().post("/api/bookings", body_for(hold.car, 3, 6, holdToken=hold.token))) == (
        422,
        "invalid",
    )


def test_a_hold_nobody_knows_has_expired():
    response = Api().post("/api/bookings", body_for(CarFactory(), holdToken="x" * 22))
    assert error(response) == (409, "hold_expired")


def test_staff_book_from_a_customers_hold():
    hold = make_hold(start=in_days(3), length=3)
    make_hold()
    response = Api(user=make_desk()).post(
        "/api/bookings", body_for(hold.car, holdToken=hold.token, source="staff")
    )
    assert stored(response.json()["bookingId"]).source == "staff"


def test_taken_days_are_refused_with_alternatives():
    car = CarFactory()
    make_booking(car=car, start=in_days(5), length=1)
    response = Api().post("/api/bookings", body_for(car))
    assert error(response) == (409, "dates_taken")
    assert [a["start"] for a in response.json()["error"]["details"]["alternatives"]] == [
        str(in_days(2)),
        str(in_days(6)),
    ]


def test_a_broken_rule_is_refused_and_a_manager_may_set_it_aside():
    car, manager = CarFactory(max_days=2), make_manager()
    assert error(Api().post("/api/bookings", body_for(car))) == (422, "rules_refused")
    body = body_for(car, override={"reason": "Regular customer"})
    assert error(Api().post("/api/bookings", body)) == (403, "forbidden")
    assert error(Api(user=make_desk()).post("/api/bookings", body)) == (403, "forbidden")
    response = Api(bearer=staff_token(manager)).post("/api/bookings", body)
    assert response.status_code == 201
    with as_owner():
        change = StatusChange.objects.get(booking=response.json()["bookingId"])
    assert (change.actor_kind, change.actor_id, change.reason) == ("staff", manager.pk, "Regular customer")


def test_an_override_never_takes_a_taken_day():
    car = CarFactory()
    make_booking(car=car, start=in_days(5), length=1)
    body = body_for(car, override={"reason": "Regular customer"})
    assert error(Api(user=make_manager()).post("/api/bookings", body)) == (409, "dates_taken")


def test_only_staff_call_themselves_the_source():
    response = Api().post("/api/bookings", body_for(CarFactory(), source="staff"))
    assert list(fields_of(response)) == ["source"]


def test_a_car_out_of_sight_is_not_found():
    retired = CarFactory(status=Car.Status.RETIRED)
    assert error(Api().post("/api/bookings", body_for(retired))) == (404, "not_found")
    assert error(Api(user=make_desk()).post("/api/bookings", body_for(retired))) == (422, "rules_refused")


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"customer": None}, ["customer"]),
        ({"customer": {}}, ["customer.fullName"]),
        ({"customer": {"fullName": "Zoe"}}, ["customer.email"]),
        ({"customer": CUSTOMER | {"email": "nobody"}}, ["customer.email"]),
        ({"customer": CUSTOMER | {"email": "a@b.example\nBcc: c@d.example"}}, ["customer.email"]),
        ({"customer": CUSTOMER | {"email": f"{'a' * 250}@b.example"}}, ["customer.email"]),
        ({"customer": CUSTOMER | {"fullName": " \u00a0 "}}, ["customer.fullName"]),
        ({"customer": CUSTOMER | {"fullName": "A\x00B"}}, ["customer.fullName"]),
        ({"customer": CUSTOMER | {"fullName": "A\nB"}}, ["customer.fullName"]),
        ({"customer": CUSTOMER | {"fullName": "A" * 201}}, ["customer.fullName"]),
        ({"customer": CUSTOMER | {"fullName": "\ud800"}}, ["customer.fullName"]),
        ({"customer": CUSTOMER | {"phone": "1" * 41}}, ["customer.phone"]),
        ({"customer": CUSTOMER | {"phone": 170}}, ["customer.phone"]),
        ({"customer": CUSTOMER | {"age": 30}}, ["customer.age"]),
        ({"specialRequests": "\x00"}, ["specialRequests"]),
        ({"specialRequests": "x" * 2001}, ["specialRequests"]),
        ({"language": "de"}, ["language"]),
        ({"source": "fax"}, ["source"]),
        ({"holdToken": "../../etc"}, ["holdToken"]),
        ({"pickUpLocationId": 2**63 - 1}, ["pickUpLocationId"]),
        ({"dropOffLocationId": "1"}, ["dropOffLocationId"]),
        ({"override": {"reason": " "}}, ["override.reason"]),
        ({"override": {}}, ["override.reason"]),
        ({"total": {"amount": "1.00", "currency": "EUR"}}, ["total"]),
    ],
)
def test_a_wrong_field_is_named(change, fields):
    assert list(fields_of(Api().post("/api/bookings", body_for(CarFactory()) | change))) == fields


def test_an_anonymous_booking_never_changes_a_known_customer():
    api, car = Api(), CarFactory()
    api.post("/api/bookings", body_for(car, 3, 3))
    impostor = {"fullName": "Impostor", "email": "ZOE@example.com", "phone": "666"}
    api.post("/api/bookings", body_for(car, 5, 5) | {"customer": impostor})
    with as_owner():
        assert list(Customer.objects.values_list("full_name", "phone")) == [
            (CUSTOMER["fullName"], CUSTOMER["phone"])
        ]
