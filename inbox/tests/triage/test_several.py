"""One act on several bookings: each in its own transaction, each with its own answer."""

import re

import pytest
from django.utils import timezone

from bookings.lifecycle import transitions
from bookings.lifecycle.request import Person
from bookings.models import Booking
from bookings.tests.support.factories import make_booking, make_desk, pay_at_the_counter
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.support.html import flat
from inbox.models import InboxEmail, InboxItem, InboxTriage

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/staff/inbox/several/"


def three(**more):
    people = [Person(name, f"{name.lower()}@example.com") for name in ("Ana", "Bo", "Cleo")]
    return [make_booking(who=who, **more) for who in people]


def picked(*bookings):
    return [f"{booking.pk}:{booking.status}" for booking in bookings]


def statuses():
    with as_owner():
        return dict(Booking.objects.values_list("full_name", "status"))


def section(response, name):
    return re.search(rf'aria-labelledby="{name}".*?</section>', flat(response))[0]


def test_each_row_of_the_inbox_can_be_chosen_without_a_script(desk):
    booking = make_booking()
    page = flat(desk.get("/staff/inbox/"))
    assert f'name="picked" form="several" value="{booking.pk}:pending"' in page
    assert '<details class="several">' in page
    ticked = flat(desk.get("/staff/inbox/?tick=all"))
    assert '<details class="several" open>' in ticked
    assert f'value="{booking.pk}:pending" checked' in ticked


def test_what_somebody_else_moved_is_refused_in_words_and_the_rest_is_done(desk):
    ana, bo, cleo = three()
    seen = picked(ana, bo, cleo)
    with acting_as(STAFF, user=make_desk(full_name="Luc Petit")):
        transitions.transition(booking=bo, to="cancelled", at=timezone.now())
    answer = desk.post(URL, {"act": "upcoming", "picked": seen})
    assert answer.status_code == 200
    assert statuses() == {"Ana": "upcoming", "Bo": "cancelled", "Cleo": "upcoming"}
    done, refused = section(answer, "done"), section(answer, "refused")
    assert "2 bookings are done" in done
    assert "Ana" in done
    assert "Cleo" in done
    assert "1 booking was left as it is" in refused
    assert "Luc Petit moved this booking to Cancelled" in refused


def test_seen_closes_what_waits_and_refuses_what_is_pending(desk):
    waits, pending = make_booking(status="upcoming"), make_booking(who=Person("Bo", "bo@example.com"))
    with as_owner():
        InboxItem.objects.update(status="pending", done_at=None)
    answer = desk.post(URL, {"act": "seen", "picked": picked(waits, pending)})
    assert "This booking is still pending. Mark it upcoming or cancel it." in section(answer, "refused")
    with as_owner():
        assert InboxItem.objects.get(booking=waits).status == "done"


def test_a_cancellation_asks_for_one_reason_first_and_tells_each_customer(desk):
    ana, bo, _cleo = three()
    asked = desk.post(URL, {"act": "cancel", "picked": picked(ana, bo)})
    assert asked.status_code == 200
    assert set(statuses().values()) == {"pending"}
    assert "Cancel several bookings" in flat(asked)
    empty = desk.post(URL, {"act": "cancel", "picked": picked(ana, bo), "reason": " "})
    assert empty.status_code == 422
    assert "Enter why you cancel these bookings" in flat(empty)
    desk.post(URL, {"act": "cancel", "picked": picked(ana, bo), "reason": "Storm"})
    assert statuses() == {"Ana": "cancelled", "Bo": "cancelled", "Cleo": "pending"}
    with as_owner():
        assert {booking.changes.last().reason for booking in (ana, bo)} == {"Storm"}
        assert InboxEmail.objects.filter(template="booking_cancelled").count() == 2


def test_what_was_paid_is_not_cancelled_among_others(manager):
    ana, bo, _cleo = three()
    with acting_as(STAFF):
        pay_at_the_counter(ana, timezone.now())
        ana.refresh_from_db()
    answer = manager.post(URL, {"act": "cancel", "picked": picked(ana, bo), "reason": "Storm"})
    assert "Something was paid for it" in section(answer, "refused")
    assert statuses()["Bo"] == "cancelled"
    assert statuses()["Ana"] != "cancelled"


def test_several_are_taken_on_at_once(desk):
    bookings = three()
    desk.post(URL, {"act": "claim", "picked": picked(*bookings)})
    with as_owner():
        assert InboxTriage.objects.filter(assigned_to=desk.user).count() == 3


@pytest.mark.parametrize(
    "sent",
    [{}, {"act": "upcoming"}, {"act": "delete", "picked": ["x"]}, {"act": "seen", "picked": ["x:y", "z"]}],
)
def test_nothing_chosen_or_nothing_known_changes_nothing(desk, sent):
    make_booking()
    answer = desk.post(URL, sent | {"next": "/staff/inbox/?tab=all"}, follow=True)
    assert answer.redirect_chain == [("/staff/inbox/?tab=all", 303)]
    assert "Choose at least one booking" in flat(answer)
    assert set(statuses().values()) == {"pending"}
