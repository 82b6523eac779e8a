"""The calendar file through a booking's life: one UID, a rising SEQUENCE, and a CANCEL at the end."""

from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from bookings.days import Days
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.transitions import cancel
from bookings.models import Booking
from bookings.tests.support.factories import CarFactory, in_days, make_booking, move_to, prove
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from inbox.mail.attachments import WITH_CALENDAR
from inbox.mail.letters import compose
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db


def mailed(booking, template):
    """The newest mail of that kind as it goes over the wire: the type of its calendar part, and the file."""
    with acting_as(SERVICE):
        mails = InboxEmail.objects.select_related("booking__car__location", "booking__link")
        email = mails.filter(booking=booking, template=template).latest("created_at")
        message = compose(email, ["someone@example.com"], at=timezone.now()).message()
    (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    return part, Calendar.from_ical(part.get_payload(decode=True))


def now(booking):
    with as_owner():
        return Booking.objects.get(pk=booking.pk)


def event_of(calendar):
    (event,) = calendar.walk("VEVENT")
    return event


def move_days(booking, days):
    with acting_as(STAFF):
        change_booking(booking=booking, to=ChangeRequest(days=days), at=timezone.now())


def test_every_mail_about_a_booking_brings_its_newest_state_under_one_uid():
    booking = make_booking(start=in_days(10), length=3)
    seen = [mailed(booking, "booking_received")]
    prove(booking)
    move_to(booking, "upcoming")
    seen.append(mailed(booking, "booking_confirmed"))
    move_days(booking, Days(in_days(11), in_days(14)))
    seen.append(mailed(booking, "booking_changed"))
    with acting_as(STAFF):
        change_booking(booking=booking, to=ChangeRequest(car=CarFactory()), at=timezone.now())
    seen.append(mailed(booking, "booking_changed"))
    move_to(now(booking), "cancelled")
    seen.append(mailed(booking, "booking_cancelled"))

    events = [event_of(calendar) for _part, calendar in seen]
    assert {str(event["UID"]) for event in events} == {f"{booking.pk}@exodrive"}
    numbers = [event["SEQUENCE"] for event in events]
    assert numbers == sorted(set(numbers))
    assert [event["STATUS"] for event in events] == ["TENTATIVE", *["CONFIRMED"] * 3, "CANCELLED"]
    assert events[2]["DTSTART"].dt - events[1]["DTSTART"].dt == timedelta(days=1)
    assert events[3]["SUMMARY"] != events[2]["SUMMARY"]
    methods = ["PUBLISH"] * 4 + ["CANCEL"]
    assert [calendar["METHOD"] for _part, calendar in seen] == methods
    assert [part.get_param("method") for part, _calendar in seen] == methods
    for event in events:
        assert str(event["URL"]).endswith(f"/en/booking/{booking.token}/")
        assert str(event["ORGANIZER"]).startswith("mailto:")
        assert "ATTENDEE" not in event  # RFC 5546, 3.2.1


def ended_by(booking, who):
    if who == "desk":
        move_to(booking, "cancelled")
    elif who == "customer":
        with acting_as(PUBLIC, token=booking.secret):
            cancel(booking=booking, at=timezone.now())
    else:
        with acting_as(SERVICE, actor="job"):
            cancel(booking=booking, at=timezone.now(), reason="not_proven" if who == "no proof" else "")


@pytest.mark.parametrize("who", ["desk", "customer", "time", "no proof"])
def test_a_request_that_ends_takes_its_entry_out_of_the_calendar(who):
    booking = make_booking(start=in_days(10))
    _part, received = mailed(booking, "booking_received")
    ended_by(booking, who)
    part, cancelled = mailed(booking, "booking_cancelled")
    assert (cancelled["METHOD"], part.get_param("method")) == ("CANCEL", "CANCEL")
    before, after = event_of(received), event_of(cancelled)
    assert (after["UID"], after["STATUS"]) == (before["UID"], "CANCELLED")
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_a_mail_that_was_late_says_what_its_number_says():
    booking = make_booking(start=in_days(10))
    prove(booking)
    move_to(booking, "upcoming")
    late, newer = mailed(booking, "booking_received"), mailed(booking, "booking_confirmed")
    for event in (late, newer):
        for line in ("DTSTAMP", "LAST-MODIFIED"):
            del event_of(event[1])[line]
    assert late[1].to_ical() == newer[1].to_ical()


def test_mails_about_something_else_bring_none():
    assert {"new_booking", "new_link", "data_copy", "mailbox_code"}.isdisjoint(WITH_CALENDAR)


def test_the_public_learns_the_number_of_its_own_booking_only():
    from bookings.feeds import calendar_file

    mine, other = make_booking(start=in_days(10)), make_booking(start=in_days(10))
    with acting_as(PUBLIC, token=mine.secret):
        assert calendar_file._sequence(mine) == 1
        assert calendar_file._sequence(other) == 0
