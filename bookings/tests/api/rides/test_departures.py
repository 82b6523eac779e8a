"""Seats on departures through the API: found, held, booked, and never more than there are."""

from datetime import timedelta

import pytest

from bookings.models import Booking, DepartureSeat
from bookings.tests.api.rides.test_races import outcomes, post, rival
from bookings.tests.support.api import Api, error
from bookings.tests.support.api_rides import CUSTOMER, starts
from bookings.tests.support.factories import in_days
from bookings.tests.support.racing import all_at_once
from bookings.tests.support.tours import DAY, Tours, book_seats, sold
from cars.models import RideRate
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def tours():
    return Tours(seats=4)


@pytest.fixture
def departure(tours):
    return tours.depart()


def going(tours, **query):
    return Api().get(f"/api/tours/{tours.service.slug}/departures", **query)


def seats(tours, departure, people=2, children=0, **more):
    ride = {"passengers": people, "children": children}
    body = {"kind": "tour", "serviceId": tours.service.pk, "start": starts(), "departureId": departure.pk}
    return body | {"ride": ride} | more


def book(tours, departure, *people, **more):
    return Api().post("/api/bookings", seats(tours, departure, *people, customer=CUSTOMER) | more)


def fields_of(answer):
    assert error(answer) == (422, "invalid")
    return list(answer.json()["error"]["details"]["fields"])


def test_departures_are_listed_with_seats_and_prices(tours, departure):
    book_seats(departure, 3)
    later = tours.depart(day=DAY + 3)
    first, second = going(tours).json()["items"]
    assert (first["id"], first["start"], first["capacity"], first["seatsLeft"]) == (
        departure.pk,
        starts(),
        4,
        1,
    )
    assert (first["language"], first["timeZone"]) == ("en", "Europe/Paris")
    assert first["price"] == {"amount": "90.00", "currency": "EUR"}
    assert first["childPrice"] == {"amount": "40.00", "currency": "EUR"}
    assert (second["id"], second["seatsLeft"]) == (later.pk, 4)


def test_they_are_listed_by_their_local_days(tours, departure):
    day = in_days(DAY)
    assert len(going(tours, from_=day, to=day).json()["items"]) == 1
    assert going(tours, to=day - timedelta(days=1)).json() == {"items": []}
    assert going(tours, from_=day + timedelta(days=1)).json() == {"items": []}
    assert error(going(tours, from_="soon")) == (422, "invalid")


def test_what_is_no_tour_has_none(tours):
    assert error(Api().get("/api/tours/nothing-here/departures")) == (404, "not_found")


def test_seats_are_held_and_booked_at_the_price_of_who_comes(tours, departure):
    held = Api().post("/api/holds", seats(tours, departure, 3, 1)).json()
    assert held["quote"]["total"]["amount"] == "220.00"
    assert going(tours).json()["items"][0]["seatsLeft"] == 1
    own = Api(bearer=held["token"]).get(f"/api/tours/{tours.service.slug}/departures")
    assert own.json()["items"][0]["seatsLeft"] == 4
    booked = book(tours, departure, 3, 1, holdToken=held["token"])
    assert booked.status_code == 201, booked.json()
    assert booked.json()["quote"]["total"]["amount"] == "220.00"
    with as_owner():
        booking = Booking.objects.select_related("ride").get(pk=booked.json()["bookingId"])
        assert (booking.ride.departure_id, booking.ride.children) == (departure.pk, 1)
        assert DepartureSeat.objects.filter(booking=booking).count() == 3


def test_a_hold_of_seats_books_nothing_else(tours, departure):
    token = Api().post("/api/holds", seats(tours, departure, 2)).json()["token"]
    other = tours.depart("15:00")
    assert error(book(tours, other, 2, holdToken=token)) == (422, "invalid")
    assert error(book(tours, departure, 3, holdToken=token)) == (422, "invalid")
    assert sold(departure) == 0


def test_more_than_there_are_is_refused_as_sold_out(tours, departure):
    book_seats(departure, 3)
    answer = book(tours, departure, 2)
    assert error(answer) == (409, "dates_taken")
    assert [one["code"] for one in answer.json()["error"]["details"]["reasons"]] == ["sold_out"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"start": starts("11:00")}, "start"),
        ({"minutes": 30}, "minutes"),
        ({"carClassId": 99_999}, "carClassId"),
        ({"departureId": 99_999_999}, "departureId"),
        ({"ride": {"passengers": 2, "children": 2}}, "ride.children"),
    ],
)
def test_what_does_not_go_with_the_departure_is_named(tours, departure, wrong, field):
    assert field in fields_of(Api().post("/api/holds", seats(tours, departure) | wrong))


def test_only_seats_have_a_price_for_children(tours, departure):
    with as_owner():
        RideRate.objects.create(service=tours.service, basis="vehicle", amount=300)
    body = seats(tours, departure, 2, 1)
    del body["departureId"]
    assert fields_of(Api().post("/api/holds", body)) == ["ride.children"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.alone
def test_a_dozen_programs_get_as_many_seats_as_there_are():
    tours = Tours(seats=8)
    departure = tours.depart()

    def one(n):
        return lambda: post("bookings", seats(tours, departure, 2, **rival(n)), n)

    assert outcomes(all_at_once([one(n) for n in range(12)])) == {"won": 4, "dates_taken": 8}
    assert sold(departure) == 8
