"""Continue on the page of a ride: a hold with its hours and its price, or the same page with every reason."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bookings.availability.rides.offer import Offer
from bookings.errors import DatesTaken, ProofRequired, TooManyRequests
from bookings.models import Hold
from bookings.tests.support.factories import in_days
from bookings.tests.support.rides import block_hours, hours_on
from bookings.tests.support.site import text_of
from bookings.views.cookies import HOLD
from bookings.views.rides import placing
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db
DAY = 10  # days from now


def wish(**more):
    return {"day": in_days(DAY).isoformat(), "time": "10:00", "duration": "60", **more}


def only_hold():
    with as_owner():
        return Hold.objects.select_related("car").get()


def test_continue_keeps_the_car_for_these_hours_at_the_price_shown(client, driver, saloon):
    shown = client.get("/en/services/driver/", wish()).context["quote"]
    pressed = client.post("/en/services/driver/", wish())
    hold = only_hold()
    assert (pressed.status_code, pressed.url) == (303, reverse("details", args=[hold.token]))
    assert hold.hours == hours_on(in_days(DAY), "10:00", 60, gaps=(15, 15))
    assert hold.car == driver.cars[0]
    assert hold.as_quoted == shown
    assert HOLD in pressed.cookies
    assert (pressed["Cache-Control"], pressed["Referrer-Policy"]) == ("private, no-store", "no-referrer")


def test_who_holds_is_known_as_on_the_page_of_a_car(client, driver):
    client.get("/en/services/driver/")
    client.post("/en/services/driver/", wish(), headers={"user-agent": "Mobi"})
    hold = only_hold()
    assert hold.source == "mobile"
    assert len(hold.visitor) == 64


def test_a_transfer_and_a_tour_are_kept_too(client, transfer, tour):
    for service, more, minutes in ((transfer, {"from": "lys", "to": "town"}, 100), (tour, {}, 180)):
        address = reverse("tour" if service is tour else "service", args=[service.slug])
        assert Client().post(address, wish(**more)).status_code == 303
        with as_owner():
            hold = Hold.objects.get(car=service.cars[0])
        assert hold.hours.length == timedelta(minutes=minutes)


def test_what_is_kept_for_oneself_is_still_free_for_oneself(client, driver, saloon):
    client.post("/en/services/driver/", wish())
    assert client.get("/en/services/driver/", wish()).context["choice"].against == []
    others = Client().get("/en/services/driver/", wish(**{"class": saloon.pk}))
    assert [one.code for one in others.context["choice"].against] == ["sold_out"]


def test_another_time_takes_the_place_of_the_first(client, driver):
    client.post("/en/services/driver/", wish())
    first = only_hold()
    assert client.post("/en/services/driver/", wish(time="10:30")).status_code == 303
    assert Client().get("/en/services/driver/", wish()).status_code == 200
    with as_owner():
        assert Hold.objects.exclude(pk=first.pk).get().car == first.car
        assert not first.spans.exists()


def test_a_ride_that_was_taken_meanwhile_is_refused_on_the_same_page(client, driver, saloon):
    for car in driver.cars:
        block_hours(car, hours_on(in_days(DAY), "10:00", 60))
    page = client.post("/en/services/driver/", wish(**{"class": saloon.pk}))
    assert page.status_code == 409
    assert "No car of this class is free at that time." in dict(page.context["errors"])["time"]
    assert [link.kind for link in page.context["instead"]] == ["time", "time"]
    assert f'value="{in_days(DAY)}"' in page.content.decode()
    with as_owner():
        assert not Hold.objects.exists()


def test_a_ride_lost_in_the_last_moment_is_looked_at_once_more(client, driver, saloon, monkeypatch):
    """It was free when the page looked; a rival was faster."""
    hold_ride, answers = placing.hold_ride, []
    answer = Offer.answer

    def rival(**asked):
        for car in driver.cars:
            block_hours(car, hours_on(in_days(DAY), "10:00", 60))
        return hold_ride(**asked)

    def noting(*args, **kwargs):
        answers.append(answer(*args, **kwargs))
        return answers[-1]

    monkeypatch.setattr(placing, "hold_ride", rival)
    monkeypatch.setattr(Offer, "answer", noting)
    page = client.post("/en/services/driver/", wish(**{"class": saloon.pk}))
    assert [found.available for found in answers] == [True, False]
    assert page.status_code == 409
    assert page.context["instead"]
    assert "Take this time" in text_of(page)


def test_a_rule_refuses_with_422_and_all_reasons(client, driver, saloon):
    page = client.post("/en/services/driver/", wish(time="06:10", passengers="9", **{"class": saloon.pk}))
    assert page.status_code == 422
    fields = [name for name, _text in page.context["errors"]]
    assert fields.count("passengers") == 1
    assert fields.count("time") >= 2
    assert "<title>Error: " in page.content.decode()


def test_too_many_holds_are_told_as_everywhere(client, driver, monkeypatch):
    def enough(**asked):
        raise TooManyRequests

    monkeypatch.setattr(placing, "hold_ride", enough)
    assert client.post("/en/services/driver/", wish()).status_code == 429


def test_who_is_not_known_proves_an_address_first(client, driver, monkeypatch):
    hold_ride, codes = placing.hold_ride, []

    def asking(**asked):
        codes.append(asked["by"].code)
        if len(codes) < 2:
            raise ProofRequired
        return hold_ride(**asked)

    monkeypatch.setattr(placing, "hold_ride", asking)
    asked = client.post("/en/services/driver/", wish(full_name="Marta"))
    assert asked.status_code == 409
    assert "Before we keep Driver, " in text_of(asked)
    assert 'action="/en/services/driver/"' in asked.content.decode()
    for name, value in wish(full_name="Marta", passengers="1").items():
        assert f'name="{name}" value="{value}"' in asked.content.decode()
    assert client.post("/en/services/driver/", wish(full_name="Marta")).status_code == 303


def test_back_to_the_times_keeps_what_was_typed(client, driver):
    back = client.post("/fr/services/driver/", wish(dates="1", full_name="Marta"))
    assert back.status_code == 303
    assert back.url.startswith("/fr/services/driver/?day=")
    assert "Marta" not in back.url
    client.get(back.url)
    on = client.post("/fr/services/driver/", wish())
    assert 'value="Marta"' in client.get(on.url).content.decode()


def test_without_a_script_from_the_list_to_the_details(client, driver, saloon):
    """By nothing but links and forms, as they stand on the pages."""
    home = client.get("/en/").content.decode()
    assert 'href="/en/services/"' in home
    assert 'href="/en/services/driver/"' in client.get("/en/services/").content.decode()
    block_hours(driver.cars[0], hours_on(in_days(DAY), "10:00", 60))
    refused = client.get("/en/services/driver/", wish(check="1", **{"class": saloon.pk}))
    other = client.get(refused.context["instead"][-1].url)
    sent = {name: str(value) for name, value in other.context["choice"].form.data.items()}
    assert client.post("/en/services/driver/", sent).status_code == 303
    assert only_hold().as_quoted == other.context["quote"]


def test_the_verb_refuses_what_the_page_did_not_see(driver, client, monkeypatch):
    def gone(**asked):
        raise DatesTaken(reasons=[])

    monkeypatch.setattr(placing, "hold_ride", gone)
    page = client.post("/en/services/driver/", wish())
    assert (page.status_code, page.context["quote"] is None) == (409, True)
