"""Whom we greet by the first name, and what of a name or a text is kept at all."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bookings.errors import Invalid
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.checklist import Checklist
from bookings.lifecycle.request import Details, Person
from bookings.lifecycle.transitions import cancel
from bookings.models import Booking, StatusChange
from bookings.models.names import greeted
from bookings.tests.support.api import Api
from bookings.tests.support.factories import (
    CarFactory,
    LocationFactory,
    in_days,
    make_booking,
    make_hold,
    make_manager,
)
from exodrive.rls import PUBLIC, STAFF, acting_as, as_owner
from exodrive.text import tidy

INVISIBLE = "\u200b \u202e\u2066\u00ad\ufeff\u3164"


@pytest.mark.parametrize(
    ("name", "greeting"),
    [
        ("Marta Oliveira", "Marta"),
        ("Jean-Baptiste Lefèvre", "Jean-Baptiste"),
        ("Zoë Müller-Dvořák", "Zoë"),
        ("Maria da Silva", "Maria"),
        ("Marie DUPONT", "Marie"),
        ("ANNA SCHMIDT", "ANNA"),
        ("Marta", "Marta"),
        *(
            (whole, whole)
            for whole in (
                "Dr. Anna Schmidt",
                "Dr Anna Schmidt",
                "de la Cruz",
                "De La Cruz",
                "Müller, Jürgen",
                "DUPONT Marie",
                "J. Smith",
                "J Smith",
                "Anna & Peter Schmidt",
                "Anna und Peter Schmidt",
                "Ana y Luis Pérez",
                "Familie Schmidt",
                "Autohaus GmbH",
                "Acme S.L.",
                "marta oliveira",
                "王 小明",
                "Иванова Анна Петровна",
            )
        ),
        ("  Ana   Reis ", "Ana"),
        ("", ""),
        ("anna@example.com Schmidt", ""),
        ("Cheap pills at pills.example", ""),
        ("http://example.com", ""),
        ("Call 0900123456", ""),
        ("Win " * 20, ""),
    ],
)
def test_the_first_name_is_said_only_where_it_surely_is_one(name, greeting):
    assert greeted(name) == greeting


@given(st.text())
def test_a_tidy_text_is_tidy_and_keeps_what_is_seen(text):
    assert tidy(tidy(text)) == tidy(text)
    assert tidy(f"a\u200b{text}\u202e\x07b\x9f") == f"a{tidy(text)}b"
    assert tidy("Zoë\n日本\tمرحبا 👍🏽 ’") == "Zoë\n日本\tمرحبا 👍🏽 ’"


@pytest.mark.django_db
def test_invisible_characters_come_in_by_no_verb():
    booking = make_booking(
        who=Person("A\u200bna\u202e Re\x07is\ufeff", "ana@example.com"), phone="\u2066+34 600\u2069"
    )
    with as_owner():
        kept = Booking.objects.select_related("customer").get(pk=booking.pk)
    assert (kept.full_name, kept.phone, kept.customer.full_name) == ("Ana Reis", "+34 600", "Ana Reis")
    with acting_as(STAFF):
        wish = Details(special_requests="A\0 se\u200bat\x1b[0m\n\u200fplease")
        change_booking(booking=booking, to=ChangeRequest(details=wish), at=timezone.now())
        cancel(booking=booking, at=timezone.now(), reason="no\u202e show")
    with as_owner():
        assert Booking.objects.get(pk=booking.pk).special_requests == "A seat[0m\nplease"
        assert StatusChange.objects.filter(booking=booking).last().reason == "no show"
    assert Checklist(1, 1, damage=True, note="\u200b").problems


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["\u200b", INVISIBLE, "\u2800", "\U000e0041"])
def test_an_invisible_name_is_missing(client, name):
    hold = make_hold()
    page = client.post(
        reverse("details", args=[hold.token]),
        {"full_name": name, "email": "ana@example.com", "pickup_time": "10:00", "return_time": "18:00"},
    )
    assert page.status_code == 422
    assert '<a href="#full_name">Enter your full name</a>' in page.content.decode()
    days = {"startDate": str(in_days(3)), "endDate": str(in_days(5))}
    body = {"carId": CarFactory().pk, **days, "customer": {"fullName": name, "email": "ana@example.com"}}
    answer = Api().post("/api/bookings", body)
    assert (answer.status_code, list(answer.json()["error"]["details"]["fields"])) == (
        422,
        ["customer.fullName"],
    )
    with acting_as(PUBLIC), pytest.raises(Invalid) as refusal:
        make_booking(who=Person(name, "ana@example.com"))
    assert refusal.value.details["fields"] == {"customer.fullName": ["Enter your full name"]}


@pytest.mark.django_db
def test_invisible_characters_come_in_by_no_row():
    place = LocationFactory()
    with as_owner():
        place.name = "Fun\u200bchal"
        place.save()
        place.refresh_from_db()
        assert place.name == "Funchal"
        place.address = "\u200b"
        with pytest.raises(ValidationError, match="blank"):
            place.full_clean()


@pytest.mark.django_db
def test_invisible_characters_come_in_by_no_form_of_the_admin(client):
    place = LocationFactory()
    client.force_login(make_manager())
    url = reverse("admin:cars_location_change", args=[place.pk])
    form = client.get(url).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    for inline in ("opening_hours", "closed_days"):
        data |= {f"{inline}-TOTAL_FORMS": 0, f"{inline}-INITIAL_FORMS": 0}
    assert client.post(url, data | {"name": "Fun\u202echal"}).status_code == 302
    with as_owner():
        place.refresh_from_db()
    assert place.name == "Funchal"
    assert "This field is required" not in (
        page := client.post(url, data | {"name": "\u200b"}).content.decode()
    )
    assert "This field cannot be blank." in page
