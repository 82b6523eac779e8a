"""Days that cannot be had: every reason in words, and what is free instead, one press away; how many one may hold."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.days import Days
from bookings.models import CarAvailability, Hold
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_hold
from bookings.tests.support.site import car_url, press_continue, text_of
from bookings.visitors import COOKIE as VISITOR
from cars.models import ClosedDay
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db
QUOTE = {"HX-Request": "true", "HX-Target": "price"}


@pytest.fixture
def car():
    return CarFactory(make="Calder", model="GT coupé", slug="calder-gt")


def link_to(car, days):
    return f'href="{car_url(car, start=days.start, end=days.end)}"'.replace("&", "&amp;").encode()


@pytest.mark.parametrize("headers", [{}, QUOTE], ids=["page", "htmx"])
def test_a_refused_range_says_every_reason_and_what_is_free_instead(client, car, headers):
    days = Days.starting(in_days(10), 3)
    make_booking(car=car, start=in_days(11), length=1)
    with as_owner():
        ClosedDay.objects.create(location=car.location, date=days.start)
    page = client.get(car_url(car), {"start": days.start, "end": days.end}, headers=headers)
    words = text_of(page)
    assert "is booked." in words
    assert "closed" in words
    assert "Free instead" in words
    assert page.content.count(b'id="instead-h"') == 1
    before, after = Days.starting(in_days(8), 3), Days.starting(in_days(12), 3)
    assert link_to(car, after) in page.content or link_to(car, before) in page.content
    assert b"Take these dates" in page.content


def test_each_alternative_leads_to_a_range_with_a_price(client, car):
    sister = CarFactory(make="Novara", model="4 estate", slug="novara", daily_rate="130.00")
    days = Days.starting(in_days(10), 3)
    make_booking(car=car, start=in_days(11), length=1)
    page = client.get(car_url(car), {"start": days.start, "end": days.end})
    others = [
        (car, Days.starting(in_days(8), 3), "€720"),
        (car, Days.starting(in_days(12), 3), "€720"),
        (sister, days, "€390"),
    ]
    for other, when, price in others:
        assert link_to(other, when) in page.content
        taken = client.get(car_url(other), {"start": when.start, "end": when.end})
        assert f"Total to pay {price}" in text_of(taken)
        assert b"instead-h" not in taken.content


def test_the_status_sentence_says_reasons_and_alternatives(client, car):
    make_booking(car=car, start=in_days(11), length=1)
    query = {"start": in_days(10), "end": in_days(12)}
    page = client.get(car_url(car), query, headers=QUOTE)
    live = page.content.decode().split('id="cal-live"')[1].split("</p>")[0]
    assert "is booked. Free instead: Calder GT coupé, " in live
    assert "€720" in live


def test_the_buffer_after_the_days_is_a_reason(client):
    car = CarFactory(buffer_days=2)
    make_booking(car=car, start=in_days(12), length=2)
    words = text_of(client.get(car_url(car), {"start": in_days(10), "end": in_days(11)}))
    assert "The next rental begins too soon after these days." in words
    assert "Take these dates" in words


@pytest.mark.parametrize(
    ("start", "end"),
    [("0001-01-01", "0001-01-03"), ("9999-12-01", "9999-12-31"), ("2001-01-01", "9999-12-31")],
)
def test_days_far_away_are_refused_without_alternatives(client, car, start, end):
    page = client.get(car_url(car), {"start": start, "end": end})
    assert page.status_code == 200
    assert b'id="dates-error"' in page.content
    assert b"instead-h" not in page.content


def test_continue_with_a_forbidden_range_offers_another(client, car):
    with as_owner():
        ClosedDay.objects.create(location=car.location, date=in_days(10))
    page = press_continue(client, car, Days.starting(in_days(10), 3))
    assert page.status_code == 422
    assert link_to(car, Days.starting(in_days(11), 3)) in page.content


def test_a_lapsed_hold_whose_days_a_rule_forbids_now_says_which(client, car):
    hold = make_hold(car=car, start=in_days(10), length=3)
    with as_owner():
        end = timezone.now() - timedelta(minutes=1)
        Hold.objects.filter(pk=hold.pk).update(expires_at=end)
        CarAvailability.objects.filter(hold=hold).update(expires_at=end)
        ClosedDay.objects.create(location=car.location, date=in_days(10))
    page = client.get(reverse("details", args=[hold.token]))
    words = text_of(page)
    assert page.status_code == 409
    assert "Those dates cannot be booked any more" in words
    assert "closed" in words
    assert "Somebody else" not in words
    assert "Take these dates" in words


# --- How many cars one visitor may hold ----------------------------------------------------------------------------


def hold_one(client, number):
    car = CarFactory()
    if number == 0:
        client.get(car_url(car))
    answer = press_continue(client, car, Days.starting(in_days(10), 2))
    client.cookies.pop("hold", None)  # as a second window would: nothing is replaced
    return answer


def test_a_visitor_holds_so_many_cars_and_is_told(client):
    for number in range(settings.HOLDS_PER_VISITOR):
        assert hold_one(client, number).status_code == 303
    refused = hold_one(client, 9)
    assert refused.status_code == 429
    assert "You hold as many cars as you can." in text_of(refused)
    assert hold_one(Client(), 0).status_code == 303  # somebody else in the same house


def test_without_the_cookie_the_address_counts():
    for number in range(1, settings.HOLDS_PER_VISITOR + 1):
        assert hold_one(Client(), number).status_code == 303
    assert hold_one(Client(), 9).status_code == 429
    assert hold_one(Client(REMOTE_ADDR="2001:db8::1"), 9).status_code == 303


def test_the_number_is_signed_lasts_a_year_and_is_kept(client, car):
    cookie = client.get(car_url(car)).cookies[VISITOR]
    assert cookie["httponly"]
    assert cookie["max-age"] == 365 * 24 * 3600
    assert VISITOR not in client.get(car_url(car)).cookies
    client.cookies[VISITOR] = "forged:by:hand"
    assert VISITOR in client.get(car_url(car)).cookies


def test_the_hold_keeps_a_hash_and_nothing_else(client, car):
    number = client.get(car_url(car)).cookies[VISITOR].value.split(":")[0]
    press_continue(client, car, Days.starting(in_days(10), 2))
    with as_owner():
        visitor = Hold.objects.get().visitor
    assert len(visitor) == 64
    assert number not in visitor
