"""The jobs that the calendar drives: through their tasks and commands, around clock changes, twice and at once."""

import threading
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from bookings import tasks
from bookings.models import Booking, CarAvailability, Hold, StatusChange
from bookings.tests.support.factories import (
    CarFactory,
    LocationFactory,
    in_days,
    make_booking,
    make_hold,
    move_to,
)
from exodrive.models import JobRun
from exodrive.rls import as_owner
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db
BOTH_DOORS = [
    ("advance_bookings", tasks.advance_bookings),
    ("drop_lapsed_holds", tasks.drop_lapsed_holds),
]


def run_command(name):
    out = StringIO()
    call_command(name, stdout=out)
    return out.getvalue()


def status_of(booking):
    with as_owner():
        return Booking.objects.values_list("status", flat=True).get(pk=booking.pk)


def runs():
    with as_owner():
        return list(JobRun.objects.order_by("pk").values_list("name", "ok", "count"))


def at_once(job, times=4):
    """Run a job in several threads that start together."""
    start, answers = threading.Barrier(times), []

    def run():
        start.wait()
        answers.append(job())
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.fixture
def clock(monkeypatch):
    """Sets the clock that tasks and commands look at."""

    def set_clock(instant):
        monkeypatch.setattr("bookings.tasks.timezone.now", lambda: instant)

    return set_clock


# A pick-up day in its zone, and the instant (UTC) at which it begins there.
DAYS_OF_A_CLOCK_CHANGE = [
    ("Europe/Paris", "2027-03-28", "2027-03-27 23:00"),
    ("Europe/Paris", "2027-10-31", "2027-10-30 22:00"),
    ("America/New_York", "2027-03-14", "2027-03-14 05:00"),
    ("America/New_York", "2027-11-07", "2027-11-07 04:00"),
    ("Pacific/Auckland", "2027-04-04", "2027-04-03 11:00"),
    ("Pacific/Auckland", "2027-09-26", "2027-09-25 12:00"),
]
DAYS_AFTER_ONE = [
    ("Europe/Paris", "2027-03-29", "2027-03-28 22:00"),
    ("Europe/Paris", "2027-11-01", "2027-10-31 23:00"),
    ("America/New_York", "2027-03-15", "2027-03-15 04:00"),
    ("America/New_York", "2027-11-08", "2027-11-08 05:00"),
    ("Pacific/Auckland", "2027-04-05", "2027-04-04 12:00"),
    ("Pacific/Auckland", "2027-09-27", "2027-09-26 11:00"),
]


def book_far_ahead(zone, day):
    car = CarFactory(location=LocationFactory(time_zone=zone))
    return make_booking(car=car, start=day, at=datetime(2027, 2, 1, tzinfo=UTC))


def advance_around(midnight, clock, booking):
    """The booking's status after the job ran one second before `midnight`, and at it."""
    begins = datetime.fromisoformat(f"{midnight}+00:00")
    seen = []
    for instant in (begins - timedelta(seconds=1), begins):
        clock(instant)
        tasks.advance_bookings()
        seen.append(status_of(booking))
    return seen


@pytest.mark.parametrize(("zone", "day", "midnight"), DAYS_OF_A_CLOCK_CHANGE + DAYS_AFTER_ONE)
def test_a_rental_begins_at_its_own_midnight(zone, day, midnight, clock):
    booking = move_to(book_far_ahead(zone, date.fromisoformat(day)), "upcoming")
    assert advance_around(midnight, clock, booking) == ["upcoming", "active"]
    assert runs() == [("advance_bookings", True, 0), ("advance_bookings", True, 1)]


@pytest.mark.parametrize(("zone", "next_day", "midnight"), DAYS_AFTER_ONE)
def test_a_request_is_given_up_at_the_end_of_its_own_day(zone, next_day, midnight, clock):
    booking = book_far_ahead(zone, date.fromisoformat(next_day) - timedelta(days=1))
    assert advance_around(midnight, clock, booking) == ["pending", "cancelled"]
    with as_owner():
        move = StatusChange.objects.filter(booking=booking).last()
        mails = InboxEmail.objects.filter(booking=booking, template="booking_cancelled")
        assert (move.actor_kind, move.reason, mails.count()) == ("job", "never_confirmed", 1)


def test_the_commands_print_one_line_and_may_run_again():
    move_to(make_booking(start=in_days(0), at=timezone.now() - timedelta(days=1)), "upcoming")
    make_hold(at=timezone.now() - timedelta(hours=1))
    assert [run_command("advance_bookings"), run_command("advance_bookings")] == [
        "Bookings moved: 1\n",
        "Bookings moved: 0\n",
    ]
    assert [run_command("drop_lapsed_holds"), run_command("drop_lapsed_holds")] == [
        "Holds dropped: 1\n",
        "Holds dropped: 0\n",
    ]
    assert runs() == [
        ("advance_bookings", True, 1),
        ("advance_bookings", True, 0),
        ("drop_lapsed_holds", True, 1),
        ("drop_lapsed_holds", True, 0),
    ]


def test_live_holds_and_their_days_stay():
    live = make_hold(length=2)
    gone = make_hold(length=3, at=timezone.now() - timedelta(hours=1))
    tasks.drop_lapsed_holds()
    with as_owner():
        assert list(Hold.objects.values_list("pk", flat=True)) == [live.pk]
        assert CarAvailability.objects.filter(hold=live).count() == 2
        assert CarAvailability.objects.filter(car=gone.car).count() == 0


@pytest.mark.django_db(transaction=True)
def test_bookings_move_once_when_four_jobs_run_at_once():
    yesterday = timezone.now() - timedelta(days=1)
    bookings = [move_to(make_booking(start=in_days(0), at=yesterday), "upcoming") for _ in range(5)]
    at_once(tasks.advance_bookings)
    assert {status_of(booking) for booking in bookings} == {"active"}
    with as_owner():
        moves = StatusChange.objects.filter(to_status="active").values_list("booking", flat=True)
        assert sorted(moves) == sorted(booking.pk for booking in bookings)
    assert sum(count for _name, _ok, count in runs()) == 5
    assert [ok for _name, ok, _count in runs()] == [True] * 4


@pytest.mark.django_db(transaction=True)
def test_holds_go_once_when_four_jobs_run_at_once():
    for _ in range(5):
        make_hold(at=timezone.now() - timedelta(hours=1))
    at_once(tasks.drop_lapsed_holds)
    with as_owner():
        assert (Hold.objects.count(), CarAvailability.objects.count()) == (0, 0)
    assert sum(count for _name, _ok, count in runs()) == 5
    assert [ok for _name, ok, _count in runs()] == [True] * 4


@pytest.mark.parametrize(("name", "task"), BOTH_DOORS)
def test_a_job_that_fails_says_so_in_its_record(name, task, monkeypatch):
    def fail(at):
        raise RuntimeError("marta@example.com")

    monkeypatch.setattr("bookings.lifecycle.due.advance_due", fail)
    monkeypatch.setattr("bookings.availability.holds.drop_expired", fail)
    with pytest.raises(RuntimeError):
        task()
    with as_owner():
        (run,) = JobRun.objects.all()
    assert (run.name, run.ok, run.error) == (name, False, "RuntimeError")
