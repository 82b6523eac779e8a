"""Two windows, or two people, with one booking: nobody's words are lost."""

from html import unescape

import pytest
from django.urls import reverse

from bookings.errors import ChangedMeanwhile
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.request import Details
from bookings.models import Booking, BookingChange
from bookings.tests.support.factories import (
    in_days,
    make_booking,
    make_extra,
    make_manager,
    move_to,
)
from exodrive.rls import PUBLIC, STAFF, acting_as, as_owner
from exodrive.tests.support.html import inputs

pytestmark = pytest.mark.django_db


def test_two_tabs_of_the_booking_page_keep_each_other_s_words(client):
    booking = make_booking()
    url = reverse("booking_requests", args=[booking.secret])
    first, second = (inputs(client.get(reverse("booking", args=[booking.secret]))) for _ in range(2))
    first["phone"] = "+351 912 000 111"
    second["special_requests"] = "A child seat, please."
    assert client.post(url, first).status_code == client.post(url, second).status_code == 303
    with as_owner():
        booking.refresh_from_db()
    assert (booking.phone, booking.special_requests) == ("+351 912 000 111", "A child seat, please.")


def test_a_conflict_says_who_and_keeps_what_was_typed(client):
    booking, url = make_booking(), ""
    url = reverse("booking_requests", args=[booking.secret])
    typed = inputs(client.get(reverse("booking", args=[booking.secret])))
    change(booking, STAFF, phone="+351 912 000 111")
    typed["phone"] = "+351 912 000 222"
    answer = client.post(url, typed)
    assert answer.status_code == 422
    html = unescape(answer.content.decode())
    assert "Exodrive has changed this to “+351 912 000 111” meanwhile." in html
    assert 'value="+351 912 000 222"' in html
    assert client.post(url, inputs(answer)).status_code == 303
    with as_owner():
        booking.refresh_from_db()
    assert booking.phone == "+351 912 000 222"


def change(booking, role, **fields):
    who = {"user": make_manager(full_name="Paula Reis")} if role == STAFF else {"token": booking.secret}
    with acting_as(role, **who):
        change_booking(booking=booking, to=ChangeRequest(details=Details(**fields)), at=booking.created_at)


@pytest.mark.parametrize("name", ["phone", "special_requests"])
def test_saving_here_is_a_change_like_any_other(client, name):
    booking = move_to(make_booking(), Booking.Status.UPCOMING)
    typed = inputs(client.get(reverse("booking", args=[booking.secret])))
    typed[name] = "+351 912 000 111"
    client.post(reverse("booking_requests", args=[booking.secret]), typed)
    with as_owner():
        (row,) = BookingChange.objects.filter(booking=booking)
        assert (row.actor_kind, row.after["contact"]) == ("customer", [name])
        assert booking.inbox_items.filter(status="pending").exists()


def test_a_change_of_days_by_staff_is_not_taken_back_by_an_open_page(client):
    booking = make_booking()
    url = reverse("booking_change", args=[booking.secret])
    typed = inputs(client.get(url))
    moved = booking.days.moved(7) if hasattr(booking.days, "moved") else None
    moved = moved or type(booking.days).starting(in_days(10), len(booking.days))
    with acting_as(STAFF, user=make_manager()):
        change_booking(booking=booking, to=ChangeRequest(days=moved), at=booking.created_at)
    typed["phone"] = "+351 912 000 333"
    typed["price"] = "1"
    shown = client.post(url, typed)
    assert shown.status_code == 200
    again = inputs(shown)
    again["change"] = "1"
    assert client.post(url, again).status_code == 303
    with as_owner():
        booking.refresh_from_db()
    assert (booking.days, booking.phone) == (moved, "+351 912 000 333")


def test_what_is_written_in_between_is_not_written_over():
    booking = make_booking()
    change(booking, PUBLIC, phone="+351 912 000 111")
    with acting_as(PUBLIC, token=booking.secret), pytest.raises(ChangedMeanwhile):
        change_booking(
            booking=booking,
            to=ChangeRequest(details=Details(phone="+351 912 000 222"), seen=booking),
            at=booking.created_at,
        )


def test_another_language_loses_nothing_that_was_typed(client):
    booking = make_booking()
    page = reverse("booking", args=[booking.secret])
    typed = {**inputs(client.get(page)).dict(), "phone": "+351 912 000 444", "language": "fr"}
    there = page.replace("/en/", "/fr/")
    answer = client.post(there, typed)
    assert (answer.status_code, answer.url) == (303, there)
    shown = client.get(there)
    assert 'value="+351 912 000 444"' in shown.content.decode()
    assert client.post(f"{there}requests/", inputs(shown)).status_code == 303
    assert 'value="+351 912 000 444"' in client.get(there).content.decode()
    with as_owner():
        booking.refresh_from_db()
    assert booking.phone == "+351 912 000 444"


def test_another_time_is_no_conflict(client):
    booking = make_booking()
    url = reverse("booking_change", args=[booking.secret])
    typed = inputs(client.get(url)).dict() | {"pickup_time": "11:30", "price": "1"}
    shown = client.post(url, typed)
    assert shown.status_code == 200
    assert client.post(url, inputs(shown).dict() | {"change": "1"}).status_code == 303
    with as_owner():
        booking.refresh_from_db()
    assert f"{booking.pickup_time:%H:%M}" == "11:30"


def test_extras_are_not_given_back_by_who_has_not_seen_them():
    booking, seat, box = make_booking(), make_extra(), make_extra(name="Roof box")
    with acting_as(PUBLIC, token=booking.secret):
        first = ChangeRequest(details=Details(extras=((seat, 1),)))
        change_booking(booking=booking, to=first, at=booking.created_at)
    with acting_as(PUBLIC, token=booking.secret), pytest.raises(ChangedMeanwhile):
        change_booking(
            booking=booking,
            to=ChangeRequest(details=Details(extras=((box, 1),)), seen=booking, had={}),
            at=booking.created_at,
        )
