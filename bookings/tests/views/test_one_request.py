"""The same request is one booking, by page or by API: they share their keys' scope and the form of what is asked for."""

import threading

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from bookings.lifecycle import create
from bookings.models import Booking, IdempotencyKey
from bookings.tests.api.test_idempotency import post
from bookings.tests.support.factories import CarFactory, LocationFactory, in_days, make_hold
from bookings.tests.support.racing import all_at_once
from bookings.tests.support.site import MARTA
from cars.models import Extra
from exodrive.rls import as_owner

KEY = "5f0f7c52-7a0c-4f86-b3e5-4a4f0d3f3c11"


def by_page(hold, **changes):
    form = {**MARTA, "key": KEY, "special_requests": "Late\r\narrival", **changes}
    return Client().post(reverse("details", args=[hold.token]), form)


def body_of(hold, **changes):
    return {
        "carId": hold.car_id,
        "startDate": str(hold.start_date),
        "endDate": str(hold.end_date),
        "customer": {"fullName": "Marta Oliveira", "email": "marta.oliveira@example.com"},
        "specialRequests": "Late\narrival",
        "language": "en",
        "source": "web",
        "holdToken": hold.token,
        **changes,
    }


def by_api(hold, **changes):
    return post(body_of(hold, **changes), key=KEY)


def kept():
    """The one key that is kept."""
    with as_owner():
        row = IdempotencyKey.objects.get()
        return row.scope, row.key, row.fingerprint


def taken_back(request, *args, **kwargs):
    """What the request leaves behind, without leaving it."""
    with as_owner():
        savepoint = transaction.savepoint()
    status = request(*args, **kwargs).status_code
    left = kept()
    with as_owner():
        transaction.savepoint_rollback(savepoint)
    return status, left


@pytest.mark.django_db
def test_page_and_api_keep_the_same_key_for_the_same_request():
    with as_owner():
        seat = Extra.objects.create(name="Child seat", price="0.00", stock=3, max_per_booking=2)
    hold, there = make_hold(start=in_days(10)), LocationFactory(name="Airport")
    page = taken_back(by_page, hold, pick_up=hold.car.location_id, drop_off=hold.car.location_id)
    assert page == (303, (f"public:hold-{hold.pk}:POST /api/bookings", KEY, page[1][2]))
    assert taken_back(by_api, hold) == (201, page[1])
    assert taken_back(by_api, hold, pickUpLocationId=hold.car.location_id) == (201, page[1])
    options = {f"extra_{seat.pk}": "2", "pick_up": hold.car.location_id, "drop_off": there.pk}
    page = taken_back(by_page, hold, **options)
    same = {"extras": [{"id": seat.pk, "quantity": 2}], "dropOffLocationId": there.pk}
    assert taken_back(by_api, hold, **same) == (201, page[1])
    assert taken_back(by_api, hold)[1] != page[1]


@pytest.mark.django_db
@pytest.mark.parametrize("first", ["page", "api"])
def test_both_with_one_key_make_one_booking(first):
    hold = make_hold(start=in_days(10))
    posts = [by_page, by_api] if first == "page" else [by_api, by_page]
    statuses = [post_it(hold).status_code for post_it in posts]
    assert statuses == ([303, 201] if first == "page" else [201, 303])
    with as_owner():
        assert Booking.objects.count() == 1


@pytest.mark.django_db
def test_a_key_that_made_another_booking_does_not_stand_in_the_way_of_this_hold():
    hold = make_hold(start=in_days(10))
    other = make_hold(car=hold.car, start=in_days(20))
    assert by_page(other).status_code == 303
    assert by_page(hold).status_code == 303
    assert by_api(make_hold(car=hold.car, start=in_days(30))).status_code == 201
    with as_owner():
        assert Booking.objects.count() == 3


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
def test_a_real_double_click_is_not_kept_waiting(monkeypatch):
    """The second click is answered while the first is at work, looks again, and ends on the same page."""
    hold = make_hold(car=CarFactory(), start=in_days(10))
    url = reverse("details", args=[hold.token])
    working, answered = threading.Event(), threading.Event()
    write = create._write

    def slow_write(*args):
        working.set()
        assert answered.wait(20)
        write(*args)

    monkeypatch.setattr(create, "_write", slow_write)
    second = Client()

    def click_again():
        assert working.wait(20)
        waits = second.post(url, MARTA | {"key": KEY})
        looks = second.get(waits.url)
        answered.set()
        return waits.status_code, waits.url, looks.status_code

    first, (status, where, page) = all_at_once([lambda: by_page(hold, special_requests=""), click_again])
    assert (status, where, page) == (303, f"{url}?turn=1", 200)
    assert second.get(f"{url}?turn=2").url == first.url
    with as_owner():
        assert Booking.objects.count() == 1
