"""Bookings are found however people write names, references and numbers: in the inbox, by the API, in the admin."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from bookings import search
from bookings.lifecycle.request import Person
from bookings.models import Booking, Customer
from bookings.privacy import erase
from bookings.search import Search, matching, matching_customers
from bookings.tests.support.api import Api, staff_token
from bookings.tests.support.factories import CarFactory, make_booking, make_desk
from cars.models import Car
from exodrive.rls import SERVICE, STAFF, acting_as, as_owner
from inbox.desk.known import known_customers
from inbox.tests.support.plans import plan_of_search

pytestmark = pytest.mark.django_db
SPELLINGS = [
    ("Jürgen Müller", ["mueller", "muller", "MÜLLER", "mül", "muel", "juergen müller"]),
    ("Jurgen Mueller", ["müller", "mueller", "muller"]),
    ("Anna Groß", ["gross", "GROSS", "groß", "gros"]),
    ("Anna Gross", ["groß"]),
    ("Sinéad O'Brien", ["obrien", "o'brien", "o’brien", "OʼBRIEN", "o brien", "brien", "o´brien"]),
    ("Sinéad O’Brien", ["obrien", "o'brien", "brien"]),
    ("Sinéad OBrien", ["o'brien"]),
    ("Mads Øster", ["oster", "oester", "øster"]),
    ("Mads Oster", ["øster"]),
    ("Lan Đặng", ["dang", "đặng", "đang"]),
    ("Lan Dang", ["đặng"]),
    ("Åse Aagaard", ["aase", "ase", "ågård", "agard", "aagaard"]),
    ("Anna-Lena Łoś", ["annalena", "anna lena", "anna‑lena", "los"]),
    ("Annalena Los", ["anna-lena łoś"]),
    ("ZeroWidth", ["zerowidth", "zero\u200bwidth"]),
]
PARTS = [
    ("Marta Oliveira", ["liveira", "veir", "ART", "marta veira", "rta o"]),
    ("Rafael Núñez", ["fael", "nuñ", "UNEZ", "afae"]),
    ("Jürgen Müller", ["üller", "ueller", "ller", "rgen"]),
    ("Jurgen Mueller", ["üller", "ueller", "eller"]),
    ("Sinéad O’Brien", ["rien", "obri", "o bri"]),
    ("Anna-Lena Łoś", ["nalen", "na-le"]),
]
PLATES = [
    ("GB-220-TR", ["GB220TR", "gb 220 tr", "220-TR", "b220t", "GB-220", "220tr"]),
    ("1234 KLM", ["1234klm", "1234-KLM", "klm", "12 34 klm", "1234"]),
]
NUMBERS = [
    (
        "+34 600 123 456",
        [
            "0012 34",
            "1234",
            "600123456",
            "+34600123456",
            "0034 600 123 456",
            "34 600",
            "3456",
            "(600) 123-456",
        ],
    ),
    ("600 123 456", ["+34 600 123 456", "0034600123456", "600-123-456"]),
    ("+44 (0)20 7946 0958", ["020 7946 0958", "+44 20 7946 0958", "00442079460958", "0958"]),
    ("0044 20 7946 0958", ["+442079460958", "020 7946 0958"]),
]


def found(typed):
    """By matching, which finds few by key; looking at each row must find the same."""
    with acting_as(STAFF):
        bookings = Booking.objects.order_by("created_at")
        by_key = [booking.full_name for booking in matching(bookings, typed)]
        asked = Search.of(typed)
        each_row = [booking.full_name for booking in asked.all(bookings)] if asked.plain else []
    assert each_row == by_key
    return by_key


@pytest.mark.parametrize(("name", "spellings"), SPELLINGS)
def test_names_are_found_by_any_spelling(name, spellings):
    make_booking(who=Person(name, "someone@example.com"))
    make_booking(who=Person("Marta Oliveira", "marta@example.com"))
    assert {typed: found(typed) for typed in spellings} == {typed: [name] for typed in spellings}


@pytest.mark.parametrize(("number", "spellings"), NUMBERS)
def test_telephone_numbers_are_found_by_their_digits(number, spellings):
    make_booking(who=Person("Ana", "ana@example.com"), phone=number)
    make_booking(who=Person("Marta Oliveira", "marta@example.com"), phone="+351 912 000 418")
    make_booking(who=Person("Nobody", "nobody@example.com"))
    assert {typed: found(typed) for typed in spellings} == {typed: ["Ana"] for typed in spellings}
    assert found("999 8888") == found("...") == found("+00") == found("123") == []


@pytest.mark.parametrize(("name", "parts"), PARTS)
def test_names_are_found_by_any_part(name, parts):
    make_booking(who=Person(name, "someone@example.com"))
    make_booking(who=Person("Bo Li", "bo@example.com"))
    assert {typed: found(typed) for typed in parts} == {typed: [name] for typed in parts}


@pytest.mark.parametrize(("plate", "spellings"), PLATES)
def test_plates_are_found_without_their_dashes(plate, spellings):
    make_booking(car=CarFactory(plate=plate), who=Person("Ana", "ana@example.com"))
    make_booking(car=CarFactory(plate="ZZ-999-ZZ"), who=Person("Bo", "bo@example.com"))
    assert {typed: found(typed) for typed in spellings} == {typed: ["Ana"] for typed in spellings}


def test_cars_are_found_by_their_name_and_a_new_one_at_once():
    car = CarFactory(make="Aldermoor", model="Régent")
    make_booking(car=car, who=Person("Ana", "ana@example.com"))
    make_booking(car=CarFactory(make="Calder", model="GT"), who=Person("Bo", "bo@example.com"))
    assert found("dermoor") == found("moor regent") == ["Ana"]
    with as_owner():
        Car.objects.filter(pk=car.pk).update(model="Duke", plate="NEW-001-YY")
    assert found("regent") == []
    assert found("duke") == found("new001yy") == ["Ana"]


def test_addresses_are_found_whole_or_in_part():
    make_booking(who=Person("Ana", "ana.silva+x@example.com"))
    make_booking(who=Person("Mariana", "mariana.silva@example.com"))
    assert found("ana.silva+x@example.com") == ["Ana"]
    assert found("ANA.SILVA+X@") == ["Ana"]
    assert found("silva") == ["Ana", "Mariana"]
    assert found("riana.sil") == ["Mariana"]


def test_what_was_corrected_is_found_and_what_was_erased_is_not():
    booking = make_booking(who=Person("Marta Oliveira", "marta@example.com"), status="completed")
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(full_name="Marta Pereira", phone="+33 6 12 34 56 78")
    assert found("oliveira") == []
    assert found("ereir") == found("33 6 12") == ["Marta Pereira"]
    with acting_as(SERVICE):
        erase("marta@example.com")
    assert found("ereir") == found("33 6 12") == found("marta@example.com") == []
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT search_text FROM bookings")
        assert "pereira" not in cursor.fetchone()[0]


def test_every_staff_page_has_the_search_and_it_leads_to_the_inbox(desk):
    booking = make_booking(who=Person("Marta Oliveira", "marta@example.com"), status="upcoming")
    for path in ("/staff/today/", "/staff/calendar/", "/staff/account/", f"/staff/bookings/{booking.pk}/"):
        page = desk.get(path).content.decode()
        form = re.search(r'<form class="find".*?</form>', page, re.S)[0]
        assert 'action="/staff/inbox/"' in form, path
        assert page.count('id="q"') == form.count('name="q"') == 1, path
    inbox = desk.get("/staff/inbox/").content.decode()
    assert inbox.count('name="q"') == 1
    assert 'form="filters"' in inbox
    assert "Marta Oliveira" in desk.get("/staff/inbox/", {"tab": "all", "q": "liveir"}).content.decode()


def test_references_are_found_however_they_are_written(desk):
    wanted = make_booking(who=Person("Ana", "ana@example.com"))
    make_booking(who=Person("Marta Oliveira", "marta@example.com"))
    half = wanted.reference.removeprefix("EXO-")
    api = Api(bearer=staff_token(make_desk()))
    for typed in (half, f"EXO{half}", f"EXO {half}", f"exo{half.lower()}", f"EXO–{half}.", f" {half[:5]}"):
        assert found(typed) == ["Ana"], typed
        assert "Ana" in desk.get("/staff/inbox/", {"tab": "all", "q": typed}).content.decode()
        (row,) = api.get("/api/bookings", q=typed).json()["items"]
        assert row["reference"] == wanted.reference


def test_the_admin_finds_as_the_inbox_does(manager):
    booking = make_booking(who=Person("Jürgen Müller", "jm@example.com"), phone="+49 170 123 4567")
    other = make_booking(who=Person("Marta Oliveira", "marta@example.com"))
    half = booking.reference.removeprefix("EXO-")
    for path in (
        "bookings/booking",
        "bookings/customer",
        "bookings/statuschange",
        "inbox/inboxitem",
        "inbox/inboxemail",
    ):
        for typed in ("mueller", "0170 1234567", *([f"exo{half}."] if path != "bookings/customer" else [])):
            page = manager.get(f"/admin/{path}/", {"q": typed}).content.decode()
            wanted, unwanted = (
                (booking.full_name, other.full_name)
                if path == "bookings/customer"
                else (booking.reference, other.reference)
            )
            assert wanted in page, (path, typed)
            assert unwanted not in page, (path, typed)


def test_long_lists_are_searched_by_index():
    plans = {}
    for typed in ("lefevre", "+351 912 000 418"):
        with acting_as(STAFF), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            customers = matching_customers(Customer.objects.order_by(), typed).explain()
        plans[typed] = plan_of_search(typed) + customers
    words = {"bookings_by_parts", "customers_by_folded_words"}
    phones = {"bookings_by_phone", "customers_by_phone", "customers_by_end_of_phone"}
    assert {name for name in words if name not in plans["lefevre"]} == set()
    assert {name for name in words | phones if name not in plans["+351 912 000 418"]} == set()


def test_lists_of_many_matches_are_the_same(desk, manager, monkeypatch):
    """The API's, the admin's, and that of customers who call again."""
    monkeypatch.setattr(search, "MOST_BY_TEXT", 0)
    booking = make_booking(who=Person("Marta Oliveira", "marta@example.com"))
    make_booking(who=Person("Ana", "ana@example.com"))
    assert found("liveir") == ["Marta Oliveira"]
    rows = Api(bearer=staff_token(make_desk())).get("/api/bookings", q="liveir").json()["items"]
    assert [row["reference"] for row in rows] == [booking.reference]
    for path in ("bookings/booking", "bookings/statuschange", "inbox/inboxitem"):
        page = manager.get(f"/admin/{path}/", {"q": "liveir"}).content.decode()
        assert booking.reference in page, path
    with acting_as(STAFF):
        assert [known.booking.pk for known in known_customers("liveir")] == [booking.pk]


def test_a_new_link_is_asked_for_with_any_spelling_of_the_reference(client):
    booking = make_booking()
    half = booking.reference.removeprefix("EXO-")
    for typed in (half, f"exo{half}", f"EXO {half.lower()}", f"EXO – {half}.", f"«EXO-{half}»"):
        assert client.post(reverse("new_link"), {"email": booking.email, "reference": typed}).status_code in (
            200,
            303,
        ), typed
        with as_owner():
            assert booking.emails.filter(template="new_link").delete()[0] == 1, typed
