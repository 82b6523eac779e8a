"""Who does what: bookings are taken on, put aside until a day, and come back to."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from bookings.lifecycle.request import Person
from bookings.models import BookingEvent
from bookings.privacy import erase, personal_data
from bookings.tests.support.factories import make_booking, make_desk
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from exodrive.tests.support.html import flat
from inbox.desk.schedule.follow_up import follow_ups
from inbox.models import InboxItem, InboxTriage
from inbox.tests.conftest import signed_in

pytestmark = pytest.mark.django_db


def names(response):
    return re.findall(r'class="row__who"[^>]*>([^<]+)<', response.content.decode())


def events_of(booking):
    with as_owner():
        return [(row.kind, row.actor_id) for row in BookingEvent.objects.filter(booking=booking)]


def days_ahead(n):
    return timezone.localdate() + timedelta(days=n)


def test_a_booking_is_taken_on_taken_over_and_given_back_and_all_of_it_is_written_down(desk):
    booking = make_booking(who=Person("Marta Oliveira", "marta@example.com"))
    luc = signed_in(make_desk(full_name="Luc Petit"))
    url = f"/staff/bookings/{booking.pk}/claim/"
    assert "Marta Oliveira is now yours." in flat(luc.post(url, follow=True))
    assert '<span class="tag">Luc Petit</span>' in flat(desk.get("/staff/inbox/"))
    assert "Take over from Luc Petit" in flat(desk.get(f"/staff/bookings/{booking.pk}/"))
    assert "Marta Oliveira is now yours; Luc Petit had it." in flat(desk.post(url, follow=True))
    assert "Assigned to you." in flat(desk.get(f"/staff/bookings/{booking.pk}/"))
    assert "Nobody is assigned to Marta Oliveira" in flat(desk.post(url, {"act": "give_back"}, follow=True))
    ours, theirs = desk.user.pk, luc.user.pk
    assert events_of(booking) == [("claimed", theirs), ("taken_over", ours), ("given_back", ours)]


def test_raw_sql_cannot_take_a_booking_on_in_silence(desk):
    booking = make_booking()
    with acting_as(STAFF, user=desk.user):
        InboxTriage.objects.bulk_create([InboxTriage(booking=booking, assigned_to=desk.user)])
        InboxTriage.objects.filter(booking=booking).update(follow_up_on=days_ahead(1))
    assert events_of(booking) == [("claimed", desk.user.pk)]


def test_mine_and_unassigned_are_filters(desk):
    mine = make_booking(who=Person("Mine", "mine@example.com"))
    theirs = make_booking(who=Person("Theirs", "theirs@example.com"))
    make_booking(who=Person("Nobody", "nobody@example.com"))
    desk.post(f"/staff/bookings/{mine.pk}/claim/")
    signed_in(make_desk()).post(f"/staff/bookings/{theirs.pk}/claim/")
    assert names(desk.get("/staff/inbox/?who=me")) == ["Mine"]
    assert names(desk.get("/staff/inbox/?who=nobody")) == ["Nobody"]


def test_a_snoozed_booking_leaves_pending_and_comes_back_by_itself(desk, monkeypatch):
    booking = make_booking(who=Person("Marta Oliveira", "marta@example.com"))
    url, until = f"/staff/bookings/{booking.pk}/snooze/", days_ahead(3)
    said = flat(desk.post(url, {"until": until.isoformat(), "next": "/staff/inbox/"}, follow=True))
    assert "Marta Oliveira comes back on" in said
    assert "Snoozed (1)" in said
    assert names(desk.get("/staff/inbox/")) == []
    assert names(desk.get("/staff/inbox/?q=marta")) == []
    assert names(desk.get("/staff/inbox/?snoozed=1")) == ["Marta Oliveira"]
    assert names(desk.get("/staff/inbox/?tab=all")) == ["Marta Oliveira"]
    with as_owner():
        InboxTriage.objects.update(snoozed_until=timezone.localdate())
    assert names(desk.get("/staff/inbox/")) == ["Marta Oliveira"]
    assert "Snoozed" not in flat(desk.get("/staff/inbox/"))


def test_a_snoozed_booking_can_be_called_back(desk):
    booking = make_booking()
    url = f"/staff/bookings/{booking.pk}/snooze/"
    desk.post(url, {"until": days_ahead(3).isoformat()})
    desk.post(url, {"act": "wake"})
    assert len(names(desk.get("/staff/inbox/"))) == 1


def test_news_end_a_snooze_whoever_brings_them(desk):
    booking = make_booking(status="upcoming")
    with as_owner():
        InboxItem.objects.filter(booking=booking).update(status="done")
        InboxTriage.objects.create(booking=booking, snoozed_until=days_ahead(9))
    with acting_as(PUBLIC, token=booking.secret), transaction.atomic():
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT reopen_inbox_item()")
    assert len(names(desk.get("/staff/inbox/"))) == 1


@pytest.mark.parametrize(
    ("day", "words"), [("", "Choose the day on which it comes back"), (0, "Choose a day")]
)
def test_a_snooze_needs_a_day_ahead(desk, day, words):
    booking = make_booking()
    sent = {"until": day if day == "" else days_ahead(day).isoformat()}
    answer = desk.post(f"/staff/bookings/{booking.pk}/snooze/", sent)
    assert answer.status_code == 422
    assert words in flat(answer)
    assert f'href="#snooze-until-{booking.pk}"' in flat(answer)


def test_what_does_not_wait_cannot_be_put_aside(desk):
    booking = make_booking(status="upcoming")
    answer = desk.post(f"/staff/bookings/{booking.pk}/snooze/", {"until": days_ahead(2).isoformat()})
    assert answer.status_code == 422
    assert "This booking does not wait in the inbox." in flat(answer)


def test_a_follow_up_is_due_from_its_day_until_it_is_crossed_off(desk):
    booking = make_booking(status="upcoming")
    url, day = f"/staff/bookings/{booking.pk}/follow-up/", days_ahead(5)
    desk.post(url, {"on": day.isoformat(), "note": "Ask for the flight"})
    page = flat(desk.get(f"/staff/bookings/{booking.pk}/"))
    assert "Ask for the flight" in page
    assert "Follow up" in flat(desk.get("/staff/inbox/?tab=all"))
    with acting_as(STAFF):
        assert not follow_ups(day - timedelta(days=1)).exists()
        assert follow_ups(day).get() == follow_ups(day + timedelta(days=4)).get() == booking
    desk.post(url, {"act": "done"})
    with acting_as(STAFF):
        assert not follow_ups(day).exists()


def test_a_follow_up_without_a_day_keeps_what_was_typed(desk):
    booking = make_booking()
    answer = desk.post(f"/staff/bookings/{booking.pk}/follow-up/", {"on": "", "note": "Flight"})
    assert answer.status_code == 422
    assert "Choose the day of the follow-up" in flat(answer)
    assert 'value="Flight"' in flat(answer)


def test_a_note_without_its_day_is_refused_by_the_database():
    booking = make_booking()
    with acting_as(STAFF), pytest.raises(DatabaseError, match="a_note_has_its_day"), transaction.atomic():
        InboxTriage.objects.create(booking=booking, follow_up_note="When?")


def test_the_note_of_a_follow_up_is_in_the_copy_and_goes_with_the_person(desk):
    booking = make_booking(who=Person("Marta Oliveira", "marta@example.com"), status="completed")
    other = make_booking(who=Person("Bo", "bo@example.com"))
    with as_owner():
        for row, note in ((booking, "Call her"), (other, "Ask Marta Oliveira"), (make_booking(), "Fuel")):
            InboxTriage.objects.create(booking=row, follow_up_on=days_ahead(1), follow_up_note=note)
    with acting_as(SERVICE):
        assert personal_data("marta@example.com")["inbox_triage"][0]["follow_up_note"] == "Call her"
        erase("marta@example.com")
    with as_owner():
        notes = InboxTriage.objects.order_by("pk").values_list("follow_up_note", flat=True)
        assert list(notes) == ["[…]", "[…]", "Fuel"]
