"""A booking's page and panel, its notes and mails, the badge, and what is due today."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.lifecycle.keys.handover import hand_over
from bookings.models import Booking
from bookings.tests.support.factories import in_days, make_booking
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.support.html import flat, inputs

pytestmark = pytest.mark.django_db
CHECKLIST = {"odometer": "45210", "fuel": "6", "damage": "no", "note": ""}


def act(client, booking, what, data):
    return client.post(f"/staff/bookings/{booking.pk}/{what}/", data)


def body(response):
    return response.content.decode()


def test_notes_are_kept_with_their_author(desk):
    booking = make_booking()
    assert act(desk, booking, "notes", {"text": "  "}).status_code == 422
    act(desk, booking, "notes", {"text": "Wants a <b>child</b> seat"})
    text = body(desk.get(f"/staff/bookings/{booking.pk}/"))
    assert "Wants a &lt;b&gt;child&lt;/b&gt; seat" in text
    assert "Inès Laurent ·" in text


def test_a_mail_is_sent_again_as_a_new_row(desk, django_capture_on_commit_callbacks):
    booking = make_booking()
    with as_owner():
        mail = booking.emails.get(template="booking_received")
        booking.emails.filter(pk=mail.pk).update(status="sent")
    with django_capture_on_commit_callbacks() as callbacks:
        answer = desk.post(f"/staff/mails/{mail.pk}/sending/")
    assert (answer.status_code, len(callbacks)) == (303, 1)
    with as_owner():
        rows = booking.emails.filter(template="booking_received").order_by("created_at")
        assert list(rows.values_list("status", flat=True)) == ["sent", "queued"]


def test_the_page_of_a_booking_has_all_that_staff_need(desk):
    booking = make_booking(special_requests="A child seat")
    text = body(desk.get(f"/staff/bookings/{booking.pk}/"))
    for words in (
        booking.reference,
        'href="mailto:marta.oliveira@example.com"',
        'href="tel:+351912000418"',
        "A child seat",
        booking.car.plate,
        booking.car.location.name,
        "€2,000 at pick-up",
        "Booking created on the website",
        "Request received",
    ):
        assert words in text


def test_an_act_comes_back_only_to_pages_of_this_site(desk):
    booking = make_booking()
    data = {"to": "upcoming", "from": "pending", "next": "https://elsewhere.test/staff/"}
    assert act(desk, booking, "status", data).url == f"/staff/bookings/{booking.pk}/"


def test_the_badge_answers_204_until_something_changes(desk):
    first = desk.get("/staff/badge/")
    version = re.search(r"\?v=([^\"]+)", body(first))[1]
    assert desk.get(f"/staff/badge/?v={version}").status_code == 204
    booking = make_booking()
    changed = desk.get(f"/staff/badge/?v={version}")
    assert (changed.status_code, 'data-pending="1"' in body(changed)) == (200, True)
    assert '"inboxChanged"' in changed["HX-Trigger"]
    version = re.search(r"\?v=([^\"]+)", body(changed))[1]
    act(desk, booking, "status", {"to": "upcoming", "from": "pending"})
    assert desk.get(f"/staff/badge/?v={version}").status_code == 200


def test_the_panel_is_rendered_alone_for_htmx(desk):
    booking = make_booking()
    answer = desk.htmx(f"/staff/inbox/?tab=pending&booking={booking.pk}", target="panel")
    assert "<html" not in body(answer)
    assert f'id="booking-{booking.pk}"' in body(answer)
    assert "HX-Request" in answer["Vary"]
    full = body(desk.get(f"/staff/inbox/?tab=all&booking={booking.pk}"))
    assert f'data-panel="{booking.pk}" aria-current="true"' in flat(full)


def test_today_counts_pick_ups_returns_and_what_is_overdue(desk):
    make_booking(start=in_days(0), status="upcoming")
    make_booking(start=in_days(-2), length=3, status="active")
    make_booking(start=in_days(-9), length=3, status="active")
    make_booking(start=in_days(1), status="upcoming")
    strip = re.search(r'<p class="today".*?</p>', body(desk.get("/staff/inbox/")), re.S)[0]
    assert re.findall(r">(\d+ [^<]+)<", flat(strip)) == ["2 pick-ups", "1 return", "1 overdue"]
    late = body(desk.get("/staff/today/?show=overdue"))
    assert late.count('class="sheet__who"') == 1
    assert "Overdue" in late
    assert body(desk.get("/staff/today/")).count('class="sheet__who"') == 4


def test_an_overdue_car_can_still_be_taken_back(desk):
    booking = make_booking(start=in_days(-9), length=3, status="active")
    with acting_as(STAFF):
        hand_over(booking=booking, at=timezone.now() - timedelta(days=8))
    assert "Take car back" in body(desk.get("/staff/today/?show=overdue"))
    asked = act(desk, booking, "return", CHECKLIST | {"from": "active"})
    assert "Late return" in body(asked)
    act(desk, booking, "return", CHECKLIST | {"from": "active", "shown": inputs(asked)["shown"]})
    with as_owner():
        assert Booking.objects.get(pk=booking.pk).status == "completed"
