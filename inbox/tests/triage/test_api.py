"""/api/bookings/{id}/triage: taken on, put aside and come back to by programs, as in the inbox."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.models import BookingEvent
from bookings.tests.support.api import Api, error, staff_token
from bookings.tests.support.factories import make_booking, make_desk
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db
NOBODY = {"assignedTo": None, "snoozedUntil": None, "followUpOn": None, "followUpNote": ""}


@pytest.fixture
def ines():
    return make_desk(full_name="Inès Laurent")


@pytest.fixture
def api(ines):
    return Api(bearer=staff_token(ines))


def of(booking):
    return f"/api/bookings/{booking.pk}/triage"


def ahead(n):
    return (timezone.localdate() + timedelta(days=n)).isoformat()


def named(user):
    return {"id": user.pk, "name": user.full_name}


def events_of(booking):
    with as_owner():
        return [(row.kind, row.actor_id) for row in BookingEvent.objects.filter(booking=booking)]


def test_a_booking_is_taken_on_taken_over_and_given_back(api, ines):
    booking, luc = make_booking(), make_desk(full_name="Luc Petit")
    assert api.get(of(booking)).json() == NOBODY
    taken = api.patch(of(booking), {"mine": True})
    assert taken.json() == NOBODY | {"assignedTo": named(ines), "takenFrom": None}
    over = Api(bearer=staff_token(luc)).patch(of(booking), {"mine": True})
    assert over.json() == NOBODY | {"assignedTo": named(luc), "takenFrom": named(ines)}
    assert api.patch(of(booking), {"mine": False}).json()["assignedTo"] is None
    assert events_of(booking) == [("claimed", ines.pk), ("taken_over", luc.pk), ("given_back", ines.pk)]


def test_it_is_taken_on_only_from_whom_one_saw(api, ines):
    booking, luc = make_booking(), make_desk(full_name="Luc Petit")
    other = Api(bearer=staff_token(luc))
    assert other.patch(of(booking), {"mine": True, "insteadOf": None}).status_code == 200
    assert error(api.patch(of(booking), {"mine": True, "insteadOf": None})) == (409, "changed_meanwhile")
    assert error(api.patch(of(booking), {"mine": False, "insteadOf": ines.pk})) == (409, "changed_meanwhile")
    assert api.get(of(booking)).json()["assignedTo"] == named(luc)
    assert api.patch(of(booking), {"mine": True, "insteadOf": luc.pk}).json()["takenFrom"] == named(luc)


def test_it_is_put_aside_and_called_back(api):
    booking = make_booking()
    assert api.patch(of(booking), {"snoozedUntil": ahead(3)}).json()["snoozedUntil"] == ahead(3)
    assert api.patch(of(booking), {"snoozedUntil": None}).json()["snoozedUntil"] is None


def test_a_follow_up_is_planned_changed_and_crossed_off(api):
    booking = make_booking(status="upcoming")
    api.patch(of(booking), {"followUpOn": ahead(5), "followUpNote": "Ask for the flight"})
    moved = api.patch(of(booking), {"followUpOn": ahead(6)}).json()
    assert (moved["followUpOn"], moved["followUpNote"]) == (ahead(6), "Ask for the flight")
    said = api.patch(of(booking), {"followUpNote": "Ask for the train"}).json()
    assert (said["followUpOn"], said["followUpNote"]) == (ahead(6), "Ask for the train")
    assert api.patch(of(booking), {"followUpOn": None}).json() == NOBODY | {"takenFrom": None}


@pytest.mark.parametrize(
    ("status", "sent", "field"),
    [
        ("pending", {"snoozedUntil": 0}, "snoozedUntil"),
        ("upcoming", {"snoozedUntil": 2}, "snoozedUntil"),
        ("pending", {"followUpNote": "When?"}, "followUpOn"),
        ("pending", {"followUpOn": 2, "followUpNote": "n" * 201}, "followUpNote"),
        ("pending", {"mine": None}, "mine"),
        ("pending", {"assignedTo": 1}, "assignedTo"),
    ],
)
def test_what_cannot_be_changes_nothing_of_the_rest(api, status, sent, field):
    booking = make_booking(status=status)
    days = {name: ahead(value) if name.endswith(("Until", "On")) else value for name, value in sent.items()}
    answer = api.patch(of(booking), {"mine": True} | days)
    assert error(answer) == (422, "invalid")
    assert list(answer.json()["error"]["details"]["fields"]) == [field]
    assert api.get(of(booking)).json() == NOBODY
    assert events_of(booking) == []


def test_the_customer_sees_none_of_it(api):
    booking = make_booking()
    api.patch(of(booking), {"mine": True, "followUpOn": ahead(1), "followUpNote": "Difficult"})
    assert error(Api(bearer=booking.secret).get(of(booking))) == (403, "forbidden")
    assert "Difficult" not in Api(bearer=booking.secret).get(f"/api/bookings/{booking.pk}").content.decode()
