"""Joining a departure: from the tour's page, without a script, to the booking page, mails, calendar file and back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.models import Booking, Hold
from bookings.tests.support.factories import in_days
from bookings.tests.support.site import text_of
from bookings.tests.support.tours import DAY, Tours, book_seats, hold_seats, sold
from cars.models import RideRate
from exodrive.i18n.formats import clock
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "es", "fr", "pt")
WHO = {"full_name": "Marta Oliveira", "email": "marta@example.com", "phone": "+351 912 345 678"}


@pytest.fixture
def tours():
    return Tours(seats=4, slug="hills", name="Hills")


def asked(departure, adults=2, children=1):
    return {"departure": departure.pk, "adults": adults, "children": children}


def page(lang="en"):
    return f"/{lang}/tours/hills/"


def details_of(pressed):
    client = Client()
    found = client.get(pressed.url)
    return {name: found.context[name] for name in ("form", "agreed")}


def test_the_page_names_the_next_departures_with_seats_and_price(client, tours):
    first, second = tours.depart(), tours.depart("15:00", language="fr")
    book_seats(first, 3)
    book_seats(second, 4)
    shown = text_of(client.get(page()))
    assert "10:00 – 13:00 · English · 1 seat left" in shown
    assert "15:00 – 18:00 · French · Sold out" in shown
    assert "€90 per person · €40 per child" in shown
    assert "Not free at the moment" not in shown


def test_what_is_over_or_closed_or_too_near_is_not_named(client, tours):
    departure = tours.depart()
    with as_owner():
        type(departure).objects.filter(pk=departure.pk).update(status="closed")
    assert "Join a departure" not in text_of(client.get(page()))


def test_a_tour_by_the_seat_is_in_the_list_while_it_departs(client, tours):
    assert "Hills" not in text_of(client.get("/en/services/"))
    tours.depart()
    shown = text_of(client.get("/en/services/"))
    assert "Hills" in shown
    assert "€90 per person" in shown


def test_the_price_is_shown_before_anything_is_pressed(client, tours):
    shown = client.get(page(), asked(tours.depart()))
    assert shown.context["seats"].quote.total.amount == 220
    assert "€220" in text_of(shown)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"adults": 1}, "departure"),
        ({"departure": "9" * 30, "adults": 1}, "departure"),
        ({"departure": "x", "adults": 1}, "departure"),
        ({"adults": 0}, "adults"),
        ({"adults": "many"}, "adults"),
        ({"adults": ""}, "adults"),
        ({"children": -1}, "children"),
        ({"children": 61}, "children"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field_and_nothing_is_lost(client, tours, data, field):
    departure = tours.depart()
    sent = asked(departure) | data
    if data.get("adults") == 1 and "departure" not in data:
        del sent["departure"]
    pressed = client.post(page(), sent)
    assert pressed.status_code == 422
    assert field in dict(pressed.context["errors"])
    assert f'value="{sent["children"]}"' in pressed.content.decode()
    with as_owner():
        assert not Hold.objects.exists()


@pytest.mark.parametrize("people", [(3, 0), (60, 60)])
def test_more_seats_than_are_left_are_refused_on_the_same_page(client, tours, people):
    departure = tours.depart()
    hold_seats(departure, 2)
    pressed = client.post(page(), asked(departure, *people))
    assert pressed.status_code == (409 if sum(people) == 3 else 422)
    words = "Only 2 seats are left." if sum(people) == 3 else "This class takes 4 passengers."
    assert words in text_of(pressed)


def test_pressed_twice_it_is_one_hold_and_another_number_takes_its_place(client, tours):
    departure = tours.depart()
    first, again = (client.post(page(), asked(departure)) for _ in range(2))
    assert (first.status_code, first.url) == (303, again.url)
    assert client.post(page(), asked(departure, 4, 0)).status_code == 303
    with as_owner():
        assert sorted(Hold.objects.values_list("seats", flat=True)) == [3, 4]
    assert "2 seats left" not in text_of(Client().get(page()))
    assert "Sold out" in text_of(Client().get(page()))
    assert "4 seats left" in text_of(client.get(page(), asked(departure, 4, 0)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_from_the_page_to_the_booking_and_back_in_every_language(lang, tours):
    client, departure = Client(), tours.depart()
    pressed = client.post(page(lang), asked(departure))
    assert pressed.status_code == 303
    details = client.get(pressed.url)
    assert details.context["quote"].total.amount == 220
    form = {"key": details.context["form"]["key"].value(), "agreed": str(details.context["agreed"]), **WHO}
    booked = client.post(pressed.url, form)
    assert booked.status_code == 303, details.context["errors"]
    assert client.post(pressed.url, form).url == booked.url
    with as_owner():
        booking = Booking.objects.select_related("ride").get()
        mails = list(booking.emails.values_list("template", "language"))
    assert (booking.kind, booking.total, booking.ride.seats, booking.ride.children) == ("tour", 220, 3, 1)
    assert (booking.car_id, sold(departure)) == (tours.car.pk, 3)
    assert ("booking_received", lang) in mails
    shown = text_of(client.get(booked.url))
    assert "Hills" in shown
    assert {"en": "English", "es": "inglés", "fr": "anglais", "pt": "inglês"}[lang] in shown
    file = client.get(booked.url.replace(f"/{lang}/", "/" + lang + "/") + "calendar.ics").content.decode()
    assert f"DTSTART:{departure.starts_at:%Y%m%dT%H%M%SZ}" in file
    cancelled = client.post(booked.url + "cancellation/", {"confirm": "1"})
    assert cancelled.status_code in (302, 303)
    assert sold(departure) == 0


def test_a_hold_that_is_over_leads_back_to_the_departure(client, tours):
    departure = tours.depart()
    url = client.post(page(), asked(departure)).url
    with as_owner():
        Hold.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        departure.seats.update(hold=None, expires_at=None)
    back = client.get(url)
    assert back.status_code == 303
    assert back.url.startswith(reverse("tour", args=["hills"]))
    assert client.get(back.url).context["seats"].form.chosen == str(departure.pk)


def test_both_ways_stand_beside_each_other(client, tours):
    with as_owner():
        RideRate.objects.create(service=tours.service, basis="vehicle", amount=240)
    tours.depart()
    alone = client.get(page(), {"day": in_days(DAY + 1).isoformat(), "time": "10:00", "passengers": 2})
    assert alone.context["quote"].total.amount == 240
    assert "Join a departure" in text_of(alone)
    assert clock(alone.context["choice"].wish.begins) == "10:00"
