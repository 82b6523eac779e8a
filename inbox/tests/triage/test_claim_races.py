"""Two members of staff take on one booking at the same moment. With a control that must fail."""

import threading

import pytest

from bookings.models import BookingEvent
from bookings.tests.support.factories import make_booking, make_desk
from bookings.tests.support.racing import all_at_once, tally
from exodrive.rls import STAFF, acting_as, as_owner
from inbox.desk.triage import sharing
from inbox.models import InboxTriage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]


@pytest.fixture
def booking():
    return make_booking()


def racers(booking, **seen):
    def by(user):
        def run():
            with acting_as(STAFF, user=user):
                return sharing.claim(booking=booking, by=user, **seen)

        return run

    people = [make_desk(), make_desk()]
    return people, all_at_once([by(user) for user in people])


def events_of(booking):
    with as_owner():
        rows = BookingEvent.objects.filter(booking=booking).order_by("pk")
        return [(row.kind, row.actor_id) for row in rows]


def holder(booking):
    with as_owner():
        return InboxTriage.objects.get(booking=booking).assigned_to_id


def test_one_takes_it_over_and_is_told_from_whom(booking):
    people, results = racers(booking)
    (first,) = [result for result in results if result is not None]
    (last,) = [user for user in people if user != first]
    assert results[people.index(last)] == first
    assert holder(booking) == last.pk
    assert events_of(booking) == [("claimed", first.pk), ("taken_over", last.pk)]


def test_who_wants_it_only_while_nobody_has_it_gets_it_once(booking):
    people, results = racers(booking, instead_of=None)
    assert tally(results) == {"won": 1, "changed_meanwhile": 1}
    winner = next(user for user, result in zip(people, results, strict=True) if result is None)
    assert holder(booking) == winner.pk
    assert events_of(booking) == [("claimed", winner.pk)]


def test_control_without_the_lock_both_believe_that_nobody_had_it(booking, monkeypatch):
    both = threading.Barrier(2)
    with as_owner():
        InboxTriage.objects.create(booking=booking)  # else the second waits for the row of the first

    class Looking:
        def get(self, **which):
            found = InboxTriage.objects.select_related("assigned_to").get(**which)
            both.wait(30)
            return found

    monkeypatch.setattr(sharing, "_locked", Looking)
    _people, results = racers(booking, instead_of=None)
    assert tally(results) == {"won": 2}
