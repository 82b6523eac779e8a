"""Two windows, or two colleagues, with one booking, block or car: nobody's words are lost."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from bookings.availability.blocks import change_block
from bookings.errors import ChangedMeanwhile
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.request import Details
from bookings.models import Booking
from bookings.tests.support.factories import (
    CarFactory,
    in_days,
    make_block,
    make_booking,
    make_extra,
    make_manager,
)
from cars.models import Car, Season
from exodrive.rls import PUBLIC, STAFF, acting_as, as_owner
from exodrive.tests.support.html import inputs

pytestmark = pytest.mark.django_db


def change(booking, role, **fields):
    who = {"user": make_manager(full_name="Paula Reis")} if role == STAFF else {"token": booking.secret}
    with acting_as(role, **who):
        change_booking(booking=booking, to=ChangeRequest(details=Details(**fields)), at=booking.created_at)


def test_staff_are_told_who_was_faster(desk):
    booking = make_booking()
    url = f"/staff/bookings/{booking.pk}/change/"
    typed = inputs(desk.get(url))
    change(booking, STAFF, special_requests="Two child seats.")
    typed["special_requests"] = "One child seat."
    answer = desk.post(url, typed)
    assert answer.status_code == 422
    html = unescape(answer.content.decode())
    assert "Paula Reis has changed this to “Two child seats.” meanwhile." in html
    assert "One child seat." in html


def test_an_extra_that_a_customer_added_stays_when_staff_change_the_phone(desk):
    booking, seat = make_booking(), make_extra(stock=3, max_per_booking=3)
    url = f"/staff/bookings/{booking.pk}/change/"
    typed = inputs(desk.get(url))
    change(booking, PUBLIC, extras=((seat, 2),))
    typed["phone"] = "+351 912 000 111"
    shown = desk.post(url, typed)
    again = inputs(shown)
    assert again[f"extra_{seat.pk}"] == "2"
    again["do"] = "1"
    assert desk.post(url, again).status_code == 303
    with as_owner():
        found = Booking.objects.get(pk=booking.pk)
        assert (found.phone, found.counted_extras) == ("+351 912 000 111", {seat.pk: 2})


def test_two_tabs_of_a_block(desk):
    with as_owner():
        block = make_block(car=CarFactory(), start=in_days(5), length=3)
    url = f"/staff/blocks/{block.pk}/"
    first, second = inputs(desk.get(url)), inputs(desk.get(url))
    first["note"], second["kind"] = "Brakes", "other"
    assert desk.post(url, first).status_code == desk.post(url, second).status_code == 303
    with as_owner():
        block.refresh_from_db()
    assert (block.note, block.kind) == ("Brakes", "other")
    with as_owner():
        stale = type(block).objects.get(pk=block.pk)
        type(block).objects.filter(pk=block.pk).update(note="Tyres")
    with acting_as(STAFF), pytest.raises(ChangedMeanwhile):
        change_block(block=stale, note="Clutch")


def test_two_managers_on_one_car(manager):
    car = CarFactory(daily_rate=100, description="Red.")
    url = reverse("admin:cars_car_change", args=[car.pk])
    first, second = inputs(manager.get(url)), inputs(manager.get(url))
    first["daily_rate"], second["description"] = "120", "Blue."
    assert manager.post(url, first).status_code == 302
    answer = manager.post(url, second)
    assert answer.status_code == 302, re.findall(r"errorlist.*?</ul>", answer.content.decode(), re.DOTALL)
    with as_owner():
        now = Car.objects.get(pk=car.pk)
    assert (now.daily_rate, now.description) == (120, "Blue.")
    second["daily_rate"] = "130"
    answer = manager.post(url, second)
    assert answer.status_code == 200
    assert "Paul Moreau has changed this to “120.00” meanwhile." in unescape(answer.content.decode())
    with as_owner():
        assert Car.objects.get(pk=car.pk).daily_rate == 120


def test_an_empty_percentage_is_remembered_as_empty(manager):
    with as_owner():
        season = Season.objects.create(
            name="High", start_date=date(2020, 7, 1), end_date=date(2020, 8, 1), rate=100
        )
    url = reverse("admin:cars_season_change", args=[season.pk])
    stale = inputs(manager.get(url))
    with as_owner():
        Season.objects.filter(pk=season.pk).update(rate=None, percent=120)
    stale["name"], stale["go_on"] = "Higher", "on"
    del stale["_preview"]  # of the buttons only one is pressed
    assert manager.post(url, stale).status_code == 302
    with as_owner():
        season.refresh_from_db()
    assert (season.name, season.rate, season.percent) == ("Higher", None, 120)
