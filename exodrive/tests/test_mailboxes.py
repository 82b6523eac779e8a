"""One normal form for an email address: look-alikes are the same mailbox or refused, in Python and in PostgreSQL."""

import re
import sys
import unicodedata
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from bookings.models import Booking, Customer
from bookings.tests.support.factories import MARTA, Person, make_booking
from exodrive.mailboxes import CANONICAL, canonical
from exodrive.rls import as_owner
from exodrive.tests.support.forging import unchecked

VICTIM = "victim.kim@gmail.com"
EVERYTHING = [
    chr(n) for n in range(sys.maxunicode + 1) if not 0xD800 <= n <= 0xDFFF and unicodedata.name(chr(n), "")
]


def forms(character):
    """What case and compatibility make of it."""
    cases = (character, character.lower(), character.upper(), character.casefold())
    return {made for case in cases for made in (case, unicodedata.normalize("NFKC", case))}


NEAR = [character for character in EVERYTHING if any(c.isascii() for made in forms(character) for c in made)]


def mailbox(address):
    try:
        return canonical(address)
    except ValidationError:
        return None


@pytest.mark.parametrize(
    ("typed", "is_mailbox"),
    [
        ("Marta@Example.com", "marta@example.com"),
        (" marta@example.com ", "marta@example.com"),
        ("ma\u200brta\u2060@exa\u00admple.com", "marta@example.com"),
        ("ｍａｒｔａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "marta@example.com"),
        ("\u212aim@example.com", "kim@example.com"),
        ("jo@München.de", "jo@xn--mnchen-3ya.de"),
        ("jo@XN--MNCHEN-3YA.de", "jo@xn--mnchen-3ya.de"),
        ("jo@straße.de", "jo@xn--strae-oqa.de"),
        ("jo@strasse.de", "jo@strasse.de"),
        ("o'neil+cars@mail.ie", "o'neil+cars@mail.ie"),
        ("jo@a--b.example", "jo@a--b.example"),
        ("victim@gmaİl.com", "victim@xn--gmail-bgd.com"),
        ("vİctim@gmail.com", None),
        ("vıctim@gmail.com", None),
        ("vіctim@gmail.com", None),
        ("jürgen@example.com", None),
        ("name@[192.168.0.1]", None),
        ("name@192.168.0.1", None),
        ("name@localhost", None),
        ('"a b"@example.com', None),
        ("a@b@example.com", None),
        ("jo@xn--.com", None),
        ("jo..jo@example.com", None),
        ("jo@example.com\nBcc: x@example.com", None),
        ("jo\0@example.com", None),
        ("", None),
        ("x" * 65 + "@example.com", None),
        ("jo@" + "x" * 64 + ".com", None),
    ],
)
def test_what_is_typed_is_one_mailbox_or_none(typed, is_mailbox):
    assert mailbox(typed) == is_mailbox


@pytest.mark.parametrize("place", range(len(VICTIM)))
def test_only_what_unicode_calls_the_same_letter_reaches_the_victim(place):
    """Every character that some folding turns into ASCII, in place of each of the address."""
    for character in NEAR:
        if mailbox(VICTIM[:place] + character + VICTIM[place + 1 :]) == VICTIM:
            folded = unicodedata.normalize("NFKC", character).lower()
            assert folded == VICTIM[place] or (folded, VICTIM[place]) == ("。", "."), ascii(character)


def test_the_characters_that_fold_onto_others_are_among_those_tried():
    assert {"İ", "\u212a", "ı", "ſ", "ｖ", "K"} <= set(NEAR)


@given(st.text(st.characters(codec="utf-8"), max_size=12), st.text(st.characters(codec="utf-8"), max_size=12))
def test_the_form_is_a_fixed_point_in_plain_ascii(local, domain):
    found = mailbox(f"{local}@{domain}.com")
    if found is not None:
        assert canonical(found) == found == found.lower()
        assert found.isascii()
        assert re.fullmatch(CANONICAL, found)


@pytest.mark.django_db
def test_postgresql_knows_the_same_form():
    addresses = [
        VICTIM,
        *(VICTIM[:place] + character + VICTIM[place + 1 :] for place in (0, 12) for character in NEAR),
        VICTIM.upper(),
        f"{VICTIM}\n",
        f"\n{VICTIM}",
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT address FROM unnest(%s::text[]) AS address WHERE address ~ %s", [addresses, CANONICAL]
        )
        found = [row[0] for row in cursor.fetchall()]
    assert found == [address for address in addresses if re.fullmatch(CANONICAL, address)]


@pytest.mark.parametrize(
    "address", ["VICTIM@gmail.com", "victim@gmaİl.com", "victim", "\u212a@gmail.com", "v@gmail.com "]
)
@pytest.mark.parametrize("column", ["bookings.mailbox", "customers.email"])
@pytest.mark.django_db(transaction=True)
def test_nothing_else_can_be_written(column, address):
    make_booking()
    table, name = column.split(".")
    with as_owner(), pytest.raises(IntegrityError, match="has_a_mailbox"), transaction.atomic():
        connection.cursor().execute(f"UPDATE {table} SET {name} = %s", [address])


@pytest.mark.django_db(transaction=True)
def test_a_booking_shows_the_address_that_its_mails_go_to():
    make_booking()
    with as_owner(), pytest.raises(IntegrityError, match="mailbox_is_the_one_shown"), transaction.atomic():
        connection.cursor().execute("UPDATE bookings SET mailbox = 'somebody@else.example'")


@pytest.mark.django_db(transaction=True)
def test_look_alikes_have_customers_of_their_own():
    theirs = make_booking(who=Person("Vic", VICTIM))
    spelled = make_booking(who=Person("Vic", " ＶＩＣＴＩＭ.\u212aim@Gmail.com"))
    attack = make_booking(who=Person("Mallory", "victim.kim@gmaİl.com"))
    assert (theirs.customer_id, spelled.mailbox) == (spelled.customer_id, VICTIM)
    assert attack.customer_id != theirs.customer_id
    assert (attack.email, attack.mailbox) == ("victim.kim@gmaİl.com", "victim.kim@xn--gmail-bgd.com")


@pytest.mark.django_db(transaction=True)
def test_rows_of_before_get_their_form_and_collisions_are_reported(caplog):
    first, second, third = (make_booking(who=Person("Jo", f"jo-{n}@xn--mnchen-3ya.de")) for n in range(3))
    odd = make_booking(who=Person("Odd", "odd@example.com"))
    checks = ["booking_has_a_mailbox", "mailbox_is_the_one_shown"]
    with as_owner(), connection.schema_editor() as editor:
        for name in checks:
            editor.execute(f"ALTER TABLE bookings DROP CONSTRAINT {name}")
        editor.execute("ALTER TABLE customers DROP CONSTRAINT customer_has_a_mailbox")
    try:
        with unchecked():
            Booking.objects.update(mailbox="")
            Booking.objects.filter(pk=second.pk).update(email="Jo-0@münchen.de")
            Customer.objects.filter(pk=second.customer_id).update(email="jo-0@münchen.de")
            Booking.objects.filter(pk=third.pk).update(
                email="jo-0@münchen.de\u0131", customer=first.customer_id
            )
            Booking.objects.filter(pk=odd.pk).update(email="name@[192.168.0.1]")
            import_module("bookings.migrations.0017_mailboxes").normalise(apps, None)
    finally:
        with as_owner(), connection.schema_editor() as editor:
            for model in (Booking, Customer):
                for constraint in model._meta.constraints:
                    if constraint.name in {*checks, "customer_has_a_mailbox"}:
                        editor.add_constraint(model, constraint)
    with as_owner():
        now = {booking.pk: booking for booking in Booking.objects.select_related("customer")}
    assert now[first.pk].mailbox == now[second.pk].mailbox == "jo-0@xn--mnchen-3ya.de"
    assert now[first.pk].customer_id == now[second.pk].customer_id
    assert now[third.pk].customer_id != first.customer_id
    assert now[odd.pk].mailbox == now[odd.pk].customer.email == f"unknown-{odd.pk}@unknown.invalid"
    said = caplog.text
    assert "become one" in said
    assert third.reference in said
    assert str(odd.pk) in said
    assert MARTA.email not in said
    assert "münchen" not in said
