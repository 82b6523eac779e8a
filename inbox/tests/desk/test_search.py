"""Bookings are found however people write names, references and numbers: in the inbox, by the API, in the admin."""

import pytest
from django.db import connection
from django.urls import reverse

from bookings.lifecycle.request import Person
from bookings.models import Booking, Customer
from bookings.search import matching, matching_customers
from bookings.tests.support.api import Api, staff_token
from bookings.tests.support.factories import make_booking, make_desk
from exodrive.rls import STAFF, acting_as, as_owner

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
NUMBERS = [
    ("+34 600 123 456", ["600123456", "+34600123456", "0034 600 123 456", "34 600", "3456", "(600) 123-456"]),
    ("600 123 456", ["+34 600 123 456", "0034600123456", "600-123-456"]),
    ("+44 (0)20 7946 0958", ["020 7946 0958", "+44 20 7946 0958", "00442079460958", "0958"]),
    ("0044 20 7946 0958", ["+442079460958", "020 7946 0958"]),
]


def found(typed):
    with acting_as(STAFF):
        return [booking.full_name for booking in matching(Booking.objects.order_by("created_at"), typed)]


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


def test_long_lists_are_searched_by_index(db):
    with acting_as(STAFF), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plans = {
            typed: (
                matching(Booking.objects.order_by(), typed).explain()
                + matching_customers(Customer.objects.order_by(), typed).explain()
            )
            for typed in ("lefevre", "+351 912 000 418")
        }
    words = {"bookings_by_folded_words", "customers_by_folded_words", "cars_by_folded_words"}
    phones = {f"{table}_by{end}_phone" for table in ("bookings", "customers") for end in ("", "_end_of")}
    assert {name for name in words if name not in plans["lefevre"]} == set()
    assert {name for name in words | phones if name not in plans["+351 912 000 418"]} == set()


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
