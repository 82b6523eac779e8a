"""GET /api/cars and GET /api/availability."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking
from bookings.tests.support.api import Api, error
from bookings.tests.support.factories import CarFactory, LocationFactory, in_days, make_booking, make_hold
from cars.models import Car, Discount
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db
EUR = "EUR"


def money(amount):
    return {"amount": amount, "currency": EUR}


def ids(response):
    assert response.status_code == 200
    return [car["id"] for car in response.json()["items"]]


# --- Cars ------------------------------------------------------------------------------------------------------------


def test_a_car_has_exactly_these_fields():
    car = CarFactory(power_kw=375, deposit="2000.00")
    body = Api().get("/api/cars").json()
    assert body == {
        "items": [
            {
                "id": car.pk,
                "slug": car.slug,
                "name": car.name,
                "seats": 4,
                "doors": 2,
                "gearbox": "automatic",
                "fuel": "petrol",
                "powerKw": 375,
                "dailyRate": money("240.00"),
                "totalPrice": None,
                "deposit": money("2000.00"),
                "location": {
                    "id": car.location.pk,
                    "name": car.location.name,
                    "timeZone": "Europe/Paris",
                },
            }
        ],
        "total": 1,
        "page": 1,
        "pageSize": 20,
        "next": None,
    }


def test_cars_come_cheapest_first_and_only_offered_ones():
    dear, cheap = CarFactory(daily_rate="300.00"), CarFactory(daily_rate="90.50")
    CarFactory(status=Car.Status.RETIRED)
    CarFactory(status=Car.Status.MAINTENANCE)
    assert ids(Api().get("/api/cars")) == [cheap.pk, dear.pk]


def test_cars_are_filtered():
    big = CarFactory(seats=7, gearbox="manual", daily_rate="120.50")
    small = CarFactory(seats=2, gearbox="automatic", daily_rate="240.00")
    get = Api().get
    assert ids(get("/api/cars", seats=3)) == [big.pk]
    assert ids(get("/api/cars", gearbox="automatic")) == [small.pk]
    assert ids(get("/api/cars", max_price="120.50")) == [big.pk]
    assert ids(get("/api/cars", max_price="120.49")) == []
    assert ids(get("/api/cars", location_id=small.location_id)) == [small.pk]


def test_with_days_only_free_cars_are_listed():
    booked, held, free = CarFactory(), CarFactory(), CarFactory(daily_rate="999.00")
    make_booking(car=booked, start=in_days(3), length=2)
    make_hold(car=held, start=in_days(4), length=2)
    days = {"start": in_days(4), "end": in_days(5)}
    assert ids(Api().get("/api/cars", **days)) == [free.pk]
    assert ids(Api().get("/api/cars", start=in_days(6), end=in_days(7))) == [booked.pk, held.pk, free.pk]


def test_cars_are_sorted_and_filtered_by_what_the_days_cost():
    """The weekly car is dearer a day and cheaper for these days."""
    plain, weekly = (
        CarFactory(daily_rate="100.00", weekend_rate=None),
        CarFactory(daily_rate="110.00", weekend_rate=None),
    )
    with as_owner():
        Discount.objects.create(car=weekly, name="Week", min_days=7, percent=20)
    days = {"start": in_days(4), "end": in_days(10)}
    answer = Api().get("/api/cars", **days)
    assert [car["totalPrice"] for car in answer.json()["items"]] == [money("616.00"), money("700.00")]
    assert ids(answer) == ids(Api().get("/api/cars", sort="cheapest", **days)) == [weekly.pk, plain.pk]
    assert ids(Api().get("/api/cars", sort="dearest", **days)) == [plain.pk, weekly.pk]
    assert ids(Api().get("/api/cars", sort="dearest", page=2, page_size=1, **days)) == [weekly.pk]
    assert ids(Api().get("/api/cars", sort="dearest")) == [weekly.pk, plain.pk]
    for most, found in (("699.99", [weekly.pk]), ("700", [weekly.pk, plain.pk]), ("1", [])):
        for more in ({}, {"cursor": ""}):
            answer = Api().get("/api/cars", max_total=most, **more, **days)
            assert (sorted(ids(answer)), answer.json()["total"]) == (sorted(found), len(found))


def test_the_list_is_paged_and_a_page_beyond_the_end_is_empty():
    cars = [CarFactory(daily_rate=f"{100 + n}.00") for n in range(3)]
    first = Api().get("/api/cars", page=1, page_size=2).json()
    assert [car["id"] for car in first["items"]] == [cars[0].pk, cars[1].pk]
    assert (first["total"], first["page"], first["pageSize"]) == (3, 1, 2)
    assert ids(Api().get("/api/cars", page=2, page_size=2)) == [cars[2].pk]
    beyond = Api().get("/api/cars", page=9, page_size=2).json()
    assert (beyond["items"], beyond["total"], beyond["page"]) == ([], 3, 9)


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"page": "0"}, "page"),
        ({"page": "10001"}, "page"),
        ({"page": "1.0"}, "page"),
        ({"page": "１"}, "page"),
        ({"page_size": "101"}, "page_size"),
        ({"seats": "many"}, "seats"),
        ({"seats": ""}, "seats"),
        ({"gearbox": "Automatic"}, "gearbox"),
        ({"max_price": "-1"}, "max_price"),
        ({"max_price": "1e9"}, "max_price"),
        ({"max_total": "100"}, "max_total"),
        ({"sort": "best"}, "sort"),
        ({"sort": "dearest", "cursor": ""}, "sort"),
        ({"location_id": str(2**63)}, "location_id"),
        ({"location_id": "9" * 500}, "location_id"),
        ({"start": "2001-03-11"}, "end"),
        ({"end": "2001-03-11"}, "start"),
        ({"start": "2001-03-11", "end": "2001-03-10"}, "end"),
        ({"start": "2001-02-30", "end": "2001-03-10"}, "start"),
        ({"start": "20010301", "end": "2001-03-10"}, "start"),
        ({"start": "2001-03-01", "end": "9999-12-31"}, "end"),
        ({"start": "2001-03-01\0", "end": "2001-03-10"}, "start"),
        ({"start": "0", "end": "2001-03-10"}, "start"),
    ],
)
def test_a_wrong_filter_is_named(params, field):
    response = Api().get("/api/cars", **params)
    assert error(response) == (422, "invalid")
    assert list(response.json()["error"]["details"]["fields"]) == [field]


def test_a_parameter_that_comes_twice_is_refused():
    response = Api()("GET", "/api/cars?seats=2&seats=4")
    assert error(response) == (422, "invalid")
    assert response.json()["error"]["details"] == {"fields": {"seats": ["Send this once."]}}


@pytest.mark.parametrize("with_days", [False, True])
def test_listing_more_cars_takes_no_more_queries(with_days):
    days = {"start": in_days(4), "end": in_days(5)} if with_days else {}

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            Api().get("/api/cars", **days)
        return len(captured)

    CarFactory()
    one = queries()
    for location in (LocationFactory(), LocationFactory()):
        CarFactory(location=location)
    assert queries() == one


# --- Availability ----------------------------------------------------------------------------------------------------


def ask(car, start, end, api=None):
    return (api or Api()).get("/api/availability", car_id=car.pk, start=start, end=end)


def test_free_days_come_with_a_quote():
    car = CarFactory(daily_rate="100.00", weekend_rate=None, deposit="500.00")
    start, end = in_days(3), in_days(5)
    assert ask(car, start, end).json() == {
        "carId": car.pk,
        "start": str(start),
        "end": str(end),
        "available": True,
        "days": [{"date": str(start + timedelta(days=n)), "available": True} for n in range(3)],
        "reasons": [],
        "quote": {
            "lines": [
                {
                    "code": "day",
                    "label": "Day",
                    "quantity": 3,
                    "unitPrice": money("100.00"),
                    "tax": money("50.00"),
                    "amount": money("300.00"),
                }
            ],
            "total": money("300.00"),
            "tax": money("50.00"),
            "deposit": money("500.00"),
        },
        "alternatives": [],
    }


def test_a_taken_day_is_named_and_alternatives_are_offered():
    car = CarFactory()
    sister = CarFactory(location=car.location)
    make_booking(car=car, start=in_days(4), length=1)
    body = ask(car, in_days(3), in_days(5)).json()
    assert body["available"] is False
    assert "quote" not in body
    assert [day["available"] for day in body["days"]] == [True, False, True]
    assert body["days"][1]["reason"]["code"] == "taken"
    assert [reason["code"] for reason in body["reasons"]] == ["taken"]
    assert [(a["kind"], a["carId"], a["start"], a["end"]) for a in body["alternatives"]] == [
        ("dates", car.pk, str(in_days(1)), str(in_days(3))),
        ("dates", car.pk, str(in_days(5)), str(in_days(7))),
        ("car", sister.pk, str(in_days(3)), str(in_days(5))),
    ]
    assert body["alternatives"][0]["quote"]["total"] == money("720.00")


def test_all_reasons_are_given():
    car = CarFactory(max_days=2, status=Car.Status.OFFERED)
    body = ask(car, in_days(-1), in_days(3)).json()
    assert {reason["code"] for reason in body["reasons"]} == {"past_day", "max_days"}


def test_a_cancelled_booking_takes_no_day():
    car = CarFactory()
    make_booking(car=car, start=in_days(4), length=1, status=Booking.Status.CANCELLED)
    assert ask(car, in_days(4), in_days(4)).json()["available"] is True


def test_own_held_days_count_as_free():
    hold = make_hold(start=in_days(3), length=2)
    other = make_hold(start=in_days(3), length=2)
    days = in_days(3), in_days(4)
    assert ask(hold.car, *days).json()["available"] is False
    assert ask(hold.car, *days, api=Api(bearer=other.token)).json()["available"] is False
    assert ask(hold.car, *days, api=Api(bearer="x" * 22)).json()["available"] is False
    assert ask(hold.car, *days, api=Api(bearer=hold.token)).json()["available"] is True


def test_own_booked_days_count_as_free():
    booking, other = make_booking(start=in_days(3), length=2), make_booking()
    days = in_days(3), in_days(5)
    assert ask(booking.car, *days).json()["available"] is False
    assert ask(booking.car, *days, api=Api(bearer=other.secret)).json()["available"] is False
    assert ask(booking.car, *days, api=Api(bearer=booking.secret)).json()["available"] is True


def test_at_most_400_days_are_shown():
    car, start = CarFactory(), in_days(0)
    assert len(ask(car, start, start + timedelta(days=399)).json()["days"]) == 400
    response = ask(car, start, start + timedelta(days=400))
    assert error(response) == (422, "invalid")
    assert list(response.json()["error"]["details"]["fields"]) == ["end"]


def test_days_far_away_are_beyond_the_horizon():
    car = CarFactory()
    body = Api().get("/api/availability", car_id=car.pk, start="2199-12-30", end="2199-12-31").json()
    assert [reason["code"] for reason in body["reasons"]] == ["horizon"]


def test_a_car_that_is_not_there_or_not_offered_to_the_public_is_not_found():
    retired = CarFactory(status=Car.Status.RETIRED)
    assert error(ask(retired, in_days(3), in_days(4))) == (404, "not_found")
    response = Api().get("/api/availability", car_id=2**63 - 1, start=in_days(3), end=in_days(4))
    assert error(response) == (404, "not_found")


def test_reasons_are_in_the_language_of_the_reader():
    car = CarFactory()
    url = f"/api/availability?car_id={car.pk}&start={in_days(-1)}&end={in_days(1)}"
    english = Api()("GET", url, Accept_Language="de, en;q=0.5")
    french = Api()("GET", url, Accept_Language="fr-CA, en;q=0.5")
    assert (english["Content-Language"], french["Content-Language"]) == ("en", "fr")
    assert english.json()["reasons"][0]["message"] == "The pick-up day is in the past."
