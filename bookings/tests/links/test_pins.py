"""A PIN on a booking's link: nothing personal without it, and no way to try them all."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.errors import TooManyRequests
from bookings.links.pins import Lock, PinWrong, enter_pin, look_at_link, proof_of, remove_pin, set_pin
from bookings.models import Booking, BookingEvent, BookingLink
from bookings.tests.support.factories import make_booking, make_hold
from bookings.tests.support.racing import all_at_once, tally
from bookings.tests.support.site import text_of
from exodrive.rls import PUBLIC, acting_as, as_owner, current, show_pin

pytestmark = pytest.mark.django_db
PARTS = ["booking", "booking_change", "booking_cancellation", "booking_ics", "booking_pin"]
PERSONAL = ["Marta", "Oliveira", "example.com", "912 000 418", "A child seat", "EXO-", "rue de la Villette"]


@pytest.fixture
def booked():
    return make_booking(special_requests="A child seat")


@pytest.fixture
def locked(booked):
    """The same with the PIN 2468."""
    with acting_as(PUBLIC, token=booked.secret):
        set_pin(booking=booked, pin="2468")
    return booked


def link_of(booking):
    with as_owner():
        return BookingLink.objects.get(booking=booking)


def enter(client, booking, pin):
    return client.post(reverse("booking_entry", args=[booking.secret]), {"pin": pin})


def try_(booking, pin):
    with acting_as(PUBLIC, token=booking.secret):
        return enter_pin(pin, look_at_link())


def pass_time(booking):
    """What the wait is for has passed."""
    with as_owner():
        BookingLink.objects.filter(booking=booking).update(pin_next_try_at=timezone.now())


# --- The wall -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS)
def test_without_the_pin_no_page_says_anything_personal(client, locked, part):
    page = client.get(reverse(part, args=[locked.secret]))
    words = page.content.decode()
    assert page.status_code == 403
    assert "Enter the PIN" in words
    assert [word for word in PERSONAL if word in words] == []
    assert page.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("part", ["booking_requests", "booking_cancellation", "booking_pin"])
def test_without_the_pin_nothing_changes(client, locked, part):
    data = {"phone": "0", "special_requests": "x", "remove": "1"}
    assert client.post(reverse(part, args=[locked.secret]), data).status_code == 403
    with as_owner():
        booking = Booking.objects.get(pk=locked.pk)
    assert (booking.status, booking.special_requests) == ("pending", "A child seat")
    assert link_of(locked).has_pin


def test_the_database_itself_shows_nothing_without_the_pin(locked):
    with acting_as(PUBLIC, token=locked.secret):
        assert list(Booking.objects.all()) == []
        proof = enter_pin("2468", look_at_link())
        assert list(Booking.objects.all()) == []
        show_pin(proof)
        assert list(Booking.objects.all()) == [locked]
    assert current().pin == ""


def test_the_right_pin_lets_this_browser_in_and_no_other(client, locked):
    answer = enter(client, locked, "2468")
    page = reverse("booking", args=[locked.secret])
    assert (answer.status_code, answer.url) == (303, page)
    assert "We have your request, Marta" in text_of(client.get(page))
    assert "We have your request, Marta" not in text_of(Client().get(page))


def test_the_cookie_goes_to_that_bookings_pages_only_and_to_no_script(client, locked):
    cookies = enter(client, locked, "2468").cookies
    for code in ("en", "es", "fr", "pt"):
        cookie = cookies[f"pin_{code}"]
        assert (cookie["path"], cookie["httponly"]) == (f"/{code}/booking/{locked.secret}/", True)
        assert "2468" not in cookie.value
    other = make_booking()
    with acting_as(PUBLIC, token=other.secret):
        set_pin(booking=other, pin="2468")
    moved = Client()
    moved.cookies["pin_en"] = cookies["pin_en"].value
    assert moved.get(reverse("booking", args=[other.secret])).status_code == 403


def test_another_pin_shuts_out_who_knew_the_last_one(client, locked):
    enter(client, locked, "2468")
    answer = client.post(reverse("booking_pin", args=[locked.secret]), {"pin": "13579"})
    assert answer.status_code == 303
    assert client.get(answer.url).status_code == 200
    stale = Client()
    assert enter(stale, locked, "2468").status_code == 422
    assert enter(stale, locked, "13579").status_code == 303


def test_the_customer_sets_changes_and_removes_it(client, booked):
    url = reverse("booking_pin", args=[booked.secret])
    assert "Protect this page with a PIN" in text_of(client.get(url))
    wrong = client.post(url, {"pin": "12a4"})
    assert (wrong.status_code, "Enter a PIN of 4 to 8 digits" in text_of(wrong)) == (422, True)
    assert client.post(url, {"pin": "1234"}).status_code == 303
    assert "Change or remove the PIN" in text_of(client.get(reverse("booking", args=[booked.secret])))
    assert client.post(url, {"remove": "1"}).status_code == 303
    assert not link_of(booked).has_pin
    assert Client().get(reverse("booking", args=[booked.secret])).status_code == 200
    with as_owner():
        kinds = BookingEvent.objects.filter(booking=booked).values_list("kind", "actor_kind")
        assert list(kinds) == [("pin_set", "customer"), ("pin_removed", "customer")]


def test_nobody_sets_a_pin_on_another_booking(booked):
    from django.db import DatabaseError, transaction

    with (
        acting_as(PUBLIC, token=make_booking().secret),
        pytest.raises(DatabaseError, match="not your booking"),
        transaction.atomic(),
    ):
        set_pin(booking=booked, pin="1234")


def test_what_is_stored_is_hashed_by_djangos_hasher(booked):
    long = "24681357"  # four digits stand in one of some thousand hashes by chance
    with acting_as(PUBLIC, token=booked.secret):
        set_pin(booking=booked, pin=long)
    link = link_of(booked)
    assert link.pin_salt.startswith("md5$")  # the tests' hasher; pbkdf2_sha256 elsewhere
    assert link.pin_hash == proof_of(long, link.pin_salt)
    assert long not in link.pin_salt + link.pin_hash


def test_the_hasher_and_rounds_are_the_stored_ones(settings, locked):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    assert try_(locked, "2468")
    with acting_as(PUBLIC, token=locked.secret, pin=link_of(locked).pin_hash):
        set_pin(booking=locked, pin="9753")
    assert re.match(r"pbkdf2_sha256\$\d+\$", link_of(locked).pin_salt)
    assert try_(locked, "9753")


def test_a_link_that_opens_nothing_has_no_pin_page(client):
    assert enter(client, type("Nothing", (), {"secret": "A" * 22}), "1234").status_code == 404
    hold = make_hold()
    assert client.post(reverse("booking_entry", args=[hold.token]), {"pin": "1234"}).status_code == 404


def test_a_repeated_request_does_not_get_past_the_pin(locked):
    from bookings.links.lookup import replayed_by
    from bookings.links.pins import PinRequired

    with pytest.raises(PinRequired):
        replayed_by(locked.secret)


# --- Trying -------------------------------------------------------------------------------------------------------


def test_wrong_pins_look_alike(client, locked):
    answers = [enter(client, locked, pin) for pin in ("0000", "24681357")]
    assert {answer.status_code for answer in answers} == {422}
    assert len({re.sub(r'value="[^"]+"', "", answer.content.decode()) for answer in answers}) == 1
    assert "This PIN is not right" in text_of(answers[0])


def test_after_three_mistakes_every_try_waits_longer_and_the_right_one_too(client, locked):
    waits = []
    for _try in range(20):
        pass_time(locked)
        answer = enter(client, locked, "0000")
        waits.append(int(answer.headers.get("Retry-After", 0)))
    assert waits[:3] == [0, 0, 0]
    assert waits[3:8] == [30, 60, 120, 240, 480]
    assert waits[-1] == 86400
    refused = enter(client, locked, "2468")
    assert (refused.status_code, 0 < int(refused.headers["Retry-After"]) <= 86_400) == (429, True)
    assert "Too many wrong PINs" in text_of(refused)
    pass_time(locked)
    assert enter(client, locked, "2468").status_code == 303
    assert link_of(locked).pin_failures == 0


def guess_at_once(booking, guesses):
    salt = link_of(booking).pin_salt

    def guess():
        with acting_as(PUBLIC, token=booking.secret):
            return enter_pin("0000", Lock(salt, is_open=False, wait=0))

    return tally(all_at_once([guess] * guesses))


@pytest.mark.django_db(transaction=True)
def test_many_connections_get_no_more_tries_than_one(locked):
    assert guess_at_once(locked, 12) == {"pin_required": 3, "too_many_requests": 9}
    assert link_of(locked).pin_failures == 4


@pytest.mark.django_db(transaction=True)
def test_without_the_rows_lock_they_would(locked):
    """The negative control: the same function without its lock, and with a moment between look and count."""
    kept = (Path(settings.BASE_DIR) / "bookings/sql/functions/try_pin.sql").read_text()
    unlocked = kept.replace(" FOR NO KEY UPDATE", "").replace(
        "instant := clock", "PERFORM pg_sleep(0.3); instant := clock"
    )
    assert len(unlocked) == len(kept) - len(" FOR NO KEY UPDATE") + len("PERFORM pg_sleep(0.3); ")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(unlocked)
    try:
        assert guess_at_once(locked, 6)["pin_required"] > 3
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(kept)


def wait_after(booking, failures):
    """Seconds until the next try when one more fails after so many, in whole half minutes."""
    with as_owner():
        link = BookingLink.objects.filter(booking=booking)
        link.update(pin_failures=failures, pin_next_try_at=timezone.now())
    before = timezone.now()
    with pytest.raises((PinWrong, TooManyRequests)):
        try_(booking, "0000")
    return (link_of(booking).pin_next_try_at - before) // timedelta(seconds=30) * 30


def test_ten_thousand_pins_take_longer_than_any_link_lives(locked):
    waits = [wait_after(locked, failures) for failures in range(17)]
    assert waits[:5] == [0, 0, 0, 30, 60]
    assert waits == sorted(waits)
    assert waits[-1] == wait_after(locked, 9_999) == 86_400
    tries_in_two_years = len(waits) + (2 * 365 * 86_400 - sum(waits)) // waits[-1]
    assert tries_in_two_years < 750  # of 10,000: 7 %, while a forgotten PIN costs one mail


def test_somebody_who_was_let_in_is_not_locked_out_by_others(client, locked):
    enter(client, locked, "2468")
    for _try in range(5):
        enter(Client(), locked, "0000")
    assert client.get(reverse("booking", args=[locked.secret])).status_code == 200


def test_another_format_is_wrong_and_costs_nothing(locked):
    with pytest.raises(PinWrong):
        try_(locked, "12 4")
    assert link_of(locked).pin_failures == 0


# --- API ----------------------------------------------------------------------------------------------------------


def call(client, booking, pin=None):
    headers = {"Authorization": f"Bearer {booking.secret}"} | ({"X-Booking-Pin": pin} if pin else {})
    return client.get(f"/api/bookings/{booking.pk}", headers=headers)


def test_the_api_asks_for_the_pin_in_a_header(client, locked):
    refused = call(client, locked)
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "pin_required")
    assert [word for word in PERSONAL if word in refused.content.decode()] == []
    wrong = call(client, locked, "0000")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "pin_required")
    right = call(client, locked, "2468")
    assert (right.status_code, right.json()["customer"]["fullName"]) == (200, "Marta Oliveira")
    for _try in range(4):
        last = call(client, locked, "0000")
    assert (last.status_code, last.json()["error"]["code"], last.headers["Retry-After"]) == (
        429,
        "too_many_requests",
        "30",
    )


# --- Openings -----------------------------------------------------------------------------------------------------


def test_openings_of_the_page_are_counted_and_nothing_else(client, booked):
    for part in PARTS:
        client.get(reverse(part, args=[booked.secret]))
    client.head(reverse("booking", args=[booked.secret]))
    client.get(reverse("booking", args=[booked.secret]))
    link = link_of(booked)
    assert link.opened == 2
    assert timezone.now() - link.last_opened_at < timedelta(minutes=1)


def test_counting_is_one_statement(client, booked, django_assert_num_queries):
    with acting_as(PUBLIC, token=booked.secret):
        connection.ensure_connection()
        with django_assert_num_queries(1):
            look_at_link(count=True)


@pytest.mark.django_db(transaction=True)
def test_counting_waits_for_nobody(booked):
    """While a change of the booking has the link's row, the page opens at once and goes uncounted."""
    import psycopg

    with as_owner():
        connection.ensure_connection()
        dsn = connection.get_connection_params()
    dsn = {key: dsn[key] for key in ("host", "port", "user", "password", "dbname") if dsn.get(key)}
    with psycopg.connect(**dsn) as other:
        other.execute("SELECT 1 FROM booking_secure_tokens FOR UPDATE")
        with acting_as(PUBLIC, token=booked.secret), connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
            assert look_at_link(count=True).is_open
            cursor.execute("RESET lock_timeout")
    assert link_of(booked).opened == 0


def test_removing_needs_the_pin_too(locked):
    from django.db import DatabaseError, transaction

    with acting_as(PUBLIC, token=locked.secret), pytest.raises(DatabaseError), transaction.atomic():
        remove_pin(booking=locked)
