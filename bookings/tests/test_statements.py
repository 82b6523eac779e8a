"""How many statements the hot path takes once the catalogue is known: what everybody waits for is counted."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bookings.availability.fleet.offered import offered
from bookings.availability.holds import place_hold
from bookings.days import Days
from bookings.tests.support.api import Api
from bookings.tests.support.factories import (
    CarFactory,
    CarImageFactory,
    LocationFactory,
    in_days,
    make_booking,
    make_hold,
)
from cars.catalogue import catalogue
from exodrive.cache import client
from exodrive.rls import PUBLIC, acting_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def car():
    """One of several, and known to this process."""
    for place in (LocationFactory(), LocationFactory()):
        CarFactory(location=place)
    car = CarImageFactory().car
    with acting_as(PUBLIC):
        catalogue(car.pk)
        offered()
    Api().get("/api/cars")  # a process asks once what its login may become
    return car


def statements(ask, most):
    with CaptureQueriesContext(connection) as made:
        answer = ask()
    texts = [query["sql"] for query in made.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert 0 < len(texts) <= most, texts
    return answer


def body(car, start, **more):
    customer = {"fullName": "Marta Oliveira", "email": "marta@example.com", "phone": "+351 912 000 418"}
    return {
        "carId": car.pk,
        "startDate": str(in_days(start)),
        "endDate": str(in_days(start + 2)),
        "customer": customer,
        **more,
    }


def test_a_booking_takes_twelve(car):
    assert statements(lambda: Api().post("/api/bookings", body(car, 5)), 12).status_code == 201


def test_a_booking_under_a_key_takes_two_more(car):
    answer = statements(lambda: Api().post("/api/bookings", body(car, 5), Idempotency_Key="a key"), 14)
    assert answer.status_code == 201


def test_availability_takes_two(car):
    query = {"car_id": car.pk, "start": in_days(5), "end": in_days(7)}
    answer = statements(lambda: Api().get("/api/availability", **query), 2)
    assert answer.json()["available"] is True


def test_availability_on_taken_days_takes_nine_with_what_is_free_instead(car):
    make_booking(car=car, start=in_days(5))
    query = {"car_id": car.pk, "start": in_days(5), "end": in_days(7)}
    answer = statements(lambda: Api().get("/api/availability", **query), 9)
    assert answer.json()["available"] is False


def test_the_catalogue_with_dates_takes_six(car):
    make_booking(car=car, start=in_days(5))
    query = {"start": in_days(5), "end": in_days(7)}
    page = statements(lambda: Client().get(reverse("cars"), query), 6)
    assert len(page.context["free"]) == 2
    assert [offer.car for offer in page.context["booked"]] == [car]


def test_the_catalogue_without_dates_takes_three(car):
    page = statements(lambda: Client().get(reverse("cars")), 3)
    assert len(page.context["free"]) == 3


def test_home_takes_three(car):
    assert statements(lambda: Client().get(reverse("home")), 3).status_code == 200


def test_a_cars_page_with_dates_takes_five(car):
    url = reverse("car", args=[car.slug])
    page = statements(lambda: Client().get(url, {"start": in_days(5), "end": in_days(7)}), 5)
    assert page.context["quote"].total


def test_a_hold_takes_seven(car):
    def hold():
        with acting_as(PUBLIC):
            return place_hold(car=car, days=Days.starting(in_days(5), 3), at=timezone.now())

    assert statements(hold, 7).expires_at


def test_a_booking_from_a_hold_takes_sixteen(car):
    hold = make_hold(car=car, start=in_days(5), length=3)
    answer = statements(lambda: Api().post("/api/bookings", body(car, 5, holdToken=hold.token)), 16)
    assert answer.status_code == 201


# --- Messages to Redis -------------------------------------------------------------------------------------------

RULES = {"read": "600/minute", "booking": "20/minute;150/hour", "booking_email": "20/hour;60/day"}


@pytest.mark.django_db(transaction=True)
def test_a_booking_asks_redis_four_times_with_limits_lock_calendar_and_mails(limits, settings, round_trips):
    """A rule is one question, however many windows it has; and all that follows the commit is one message."""
    limits(**RULES)
    settings.CELERY_BROKER_URL, settings.AVAILABILITY_CACHE_SECONDS = settings.REDIS_URL, 60
    car = CarFactory()
    assert Api().post("/api/bookings", body(car, 5)).status_code == 201  # teaches Redis the scripts
    del round_trips[:]
    assert Api().post("/api/bookings", body(car, 15)).status_code == 201
    assert round_trips == [["EVALSHA"], ["EVALSHA"], ["SET"], ["SET", "LPUSH", "EVAL"]]
    client.client().delete(settings.CELERY_TASK_DEFAULT_QUEUE)


def test_availability_asks_redis_once(car, limits, round_trips):
    limits(**RULES)
    query = {"car_id": car.pk, "start": in_days(5), "end": in_days(7)}
    Api().get("/api/availability", **query)
    del round_trips[:]
    assert Api().get("/api/availability", **query).status_code == 200
    assert round_trips == [["EVALSHA"]]
