"""/api/bookings: reading and listing."""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking
from bookings.tests.api.test_bookings import body_for, fields_of
from bookings.tests.support.api import Api, error, staff_token
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_desk
from cars.models import Car
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db


# --- Reading -----------------------------------------------------------------------------------------------------------


def test_a_booking_has_exactly_these_fields():
    booking = make_booking(special_requests="Roof box", language="es")
    body = Api(bearer=booking.secret).get(f"/api/bookings/{booking.pk}").json()
    place = {"id": booking.car.location.pk, "name": booking.car.location.name, "timeZone": "Europe/Paris"}
    quote, created = body.pop("quote"), body.pop("createdAt")
    assert body == {
        "id": str(booking.pk),
        "reference": booking.reference,
        "kind": "rental",
        "ride": None,
        "status": "pending",
        "paymentStatus": "unpaid",
        "car": {"id": booking.car.pk, "slug": booking.car.slug, "name": booking.car.name},
        "startDate": str(in_days(3)),
        "endDate": str(in_days(6)),
        "pickupTime": "10:00",
        "returnTime": "18:00",
        "customer": {
            "fullName": "Marta Oliveira",
            "email": "marta.oliveira@example.com",
            "phone": "+351 912 000 418",
        },
        "specialRequests": "Roof box",
        "pickUpLocation": place,
        "dropOffLocation": place,
        "extras": [],
        "delivery": False,
        "deliveryAddress": "",
        "driverAge": None,
        "language": "es",
        "payments": [],
        "amountDue": {"amount": "960.00", "currency": "EUR"},
        "refundIfCancelledNow": {"amount": "0.00", "currency": "EUR"},
        "handedOverAt": None,
        "returnedAt": None,
        "outcome": "",
        "segments": [
            {
                "carId": booking.car.pk,
                "carName": booking.car.name,
                "startDate": str(in_days(3)),
                "endDate": str(in_days(6)),
            }
        ],
    }
    assert quote["total"] == {"amount": "960.00", "currency": "EUR"}
    assert created.endswith("Z")


def test_staff_read_any_booking_and_an_id_in_capitals_is_the_same():
    booking = make_booking()
    api = Api(user=make_desk(), csrf=False)
    assert api.get(f"/api/bookings/{str(booking.pk).upper()}").json()["id"] == str(booking.pk)
    assert error(api.get(f"/api/bookings/{UUID(int=7)}")) == (404, "not_found")
    assert list(fields_of(api.get("/api/bookings/7"))) == ["booking_id"]


def test_the_car_of_ones_own_booking_is_shown_when_it_is_no_longer_offered():
    booking = make_booking()
    with as_owner():
        Car.objects.update(status=Car.Status.RETIRED)
    assert Api(bearer=booking.secret).get(f"/api/bookings/{booking.pk}").json()["car"]["id"] == booking.car.pk


# --- Listing -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def staff():
    return Api(bearer=staff_token(make_desk()))


def listed(api, **params):
    response = api.get("/api/bookings", **params)
    assert response.status_code == 200
    return [item["id"] for item in response.json()["items"]]


def test_bookings_are_listed_newest_first_and_paged(staff):
    bookings = [str(make_booking().pk) for _ in range(3)]
    assert listed(staff) == bookings[::-1]
    page = staff.get("/api/bookings", page=2, page_size=2).json()
    assert ([item["id"] for item in page["items"]], page["total"]) == ([bookings[0]], 3)


def test_bookings_are_filtered(staff):
    early = make_booking(start=in_days(3), length=2, status="upcoming")
    late = make_booking(start=in_days(10), length=2)
    with as_owner():
        Booking.objects.filter(pk=late.pk).update(payment_status="paid")
    early_id, late_id = [str(early.pk)], [str(late.pk)]
    assert listed(staff, status="upcoming") == early_id
    assert listed(staff, car_id=late.car_id) == late_id
    assert listed(staff, payment="paid") == late_id
    assert listed(staff, from_=in_days(5)) == late_id
    assert listed(staff, from_=in_days(4), to=in_days(9)) == early_id
    assert listed(staff, to=in_days(2)) == []


def test_bookings_are_found_by_any_part_of_their_words(staff):
    car = CarFactory(plate="ÄB-123-CD")
    answer = Api().post("/api/bookings", body_for(car)).json()
    make_booking()
    found = [answer["bookingId"]]
    for text in (
        "zoe",
        "MÜLL",
        "uller",
        "dvorak",
        "zoe müller",
        "example zo",
        answer["reference"].lower(),
        "ab-123",
        "ÄB",
    ):
        assert listed(staff, q=text) == found, text
    assert listed(staff, q="zoe marta") == []
    assert listed(staff, q="!' & | * : \\") == []
    assert len(listed(staff, q="  ")) == 2


def test_listing_more_bookings_takes_no_more_queries(staff):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            staff.get("/api/bookings")
        return len(captured)

    make_booking()
    queries()  # the first use of a token is written down
    one = queries()
    make_booking()
    make_booking()
    assert queries() == one
