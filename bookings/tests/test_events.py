"""Events are written after the commit, once, and with nobody's name in them."""

import json
import logging
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from bookings.availability.holds import place_hold
from bookings.days import Days
from bookings.errors import DatesTaken, InvalidTransition, RulesRefused
from bookings.events import log_event
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.keys.handover import hand_over
from bookings.lifecycle.request import BookingRequest
from bookings.lifecycle.transitions import cancel, transition
from bookings.signals import booking_created
from bookings.tests.support.factories import MARTA, CarFactory, in_days, make_booking, make_hold, move_to
from exodrive.ops.logging import JsonLines
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def events(caplog):
    """The events since the last look."""
    caplog.set_level(logging.INFO, "exodrive.events")

    def new_ones():
        seen = [record.event for record in caplog.records if record.name == "exodrive.events"]
        caplog.clear()
        return seen

    return new_ones


def test_a_booking_is_counted_with_the_time_it_took(events):
    chosen = timezone.now()
    hold = make_hold(at=chosen, length=4)
    with acting_as(PUBLIC, token=hold.token):
        booking = create_booking(
            BookingRequest(
                car=hold.car, days=hold.days, who=MARTA, language="en", source="mobile", hold=hold
            ),
            at=chosen + timedelta(seconds=51.24),
        )
    assert events() == [
        {
            "event": "booking_created",
            "booking_id": str(booking.pk),
            "car_id": hold.car_id,
            "days": 4,
            "source": "mobile",
            "seconds_to_confirm": 51.2,
        }
    ]


def test_without_a_hold_nobody_knows_how_long_it_took(events):
    booking = make_booking(source="api")
    (event,) = events()
    assert (event["booking_id"], event["source"], event["seconds_to_confirm"]) == (
        str(booking.pk),
        "api",
        None,
    )


def test_an_answer_that_is_repeated_is_counted_once(events):
    hold = make_hold()
    with acting_as(PUBLIC, token=hold.token):
        for _ in range(2):
            create_booking(
                BookingRequest(car=hold.car, days=hold.days, who=MARTA, language="en", hold=hold),
                at=timezone.now(),
            )
    assert [event["event"] for event in events()] == ["booking_created"]


def test_moves_are_counted_with_the_kind_of_actor(events):
    booking = make_booking(start=in_days(3))
    events()
    with acting_as(STAFF):
        transition(booking=booking, to="upcoming", at=timezone.now())
    with acting_as(PUBLIC, token=booking.secret):
        cancel(booking=booking, at=timezone.now())
    other = make_booking()
    with acting_as(SERVICE, actor="provider"):
        transition(booking=other, to="upcoming", at=timezone.now())
    with acting_as(SERVICE, actor="job"):
        transition(booking=other, to="active", at=timezone.now())
    moved = [event for event in events() if event["event"] == "booking_status_changed"]
    assert [(event["from"], event["to"], event["actor"]) for event in moved] == [
        ("pending", "upcoming", "staff"),
        ("upcoming", "cancelled", "customer"),
        ("pending", "upcoming", "provider"),
        ("upcoming", "active", "job"),
    ]
    assert {event["booking_id"] for event in moved} == {str(booking.pk), str(other.pk)}
    assert set(moved[0]) == {"event", "booking_id", "from", "to", "actor"}


def test_refusals_are_counted_by_code(events):
    car, start = CarFactory(max_days=5), in_days(3)
    make_hold(car=car, start=start)
    events()
    with acting_as(PUBLIC):
        with pytest.raises(DatesTaken):
            place_hold(car=car, days=Days.starting(start, 2), at=timezone.now())
        with pytest.raises(RulesRefused):
            place_hold(car=car, days=Days.starting(in_days(20), 6), at=timezone.now())
    assert events() == [
        {"event": "booking_refused", "code": "dates_taken"},
        {"event": "booking_refused", "code": "rules_refused"},
    ]


def test_a_verb_that_calls_another_counts_its_refusal_once(events):
    booking = move_to(make_booking(), "cancelled")
    events()
    with acting_as(STAFF), pytest.raises(InvalidTransition):
        hand_over(booking=booking, at=timezone.now())
    assert events() == [{"event": "booking_refused", "code": "invalid_transition"}]


def test_what_rolls_back_was_never_counted(events):
    def refuse(sender, booking, **kwargs):
        raise RuntimeError

    booking_created.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            make_booking()
    finally:
        booking_created.disconnect(refuse)
    assert events() == []
    with acting_as(SERVICE), transaction.atomic():
        log_event("nothing_yet")
        assert events() == []
    assert events() == [{"event": "nothing_yet"}]


def test_the_line_names_nobody(caplog):
    caplog.set_level(logging.INFO, "exodrive.events")
    booking = make_booking()
    (record,) = [record for record in caplog.records if record.name == "exodrive.events"]
    written = JsonLines().format(record)
    for personal in ("Marta", "Oliveira", booking.email, booking.phone, booking.secret, booking.reference):
        assert personal not in written
    assert json.loads(written)["event"] == "booking_created"
