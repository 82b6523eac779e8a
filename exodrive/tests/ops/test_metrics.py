"""The figures are those of the rows, and name nobody."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from bookings.models import Booking
from bookings.tests.support.factories import CarFactory, in_days, make_booking
from exodrive.models import EventCount, JobRun
from exodrive.ops.jobs import record
from exodrive.rls import as_owner
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db


def metrics(*arguments):
    out = StringIO()
    call_command("metrics", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def busy():
    """Five bookings that took 10, 20, 30, 40 and 100 s, one by staff, refusals, a failed job, mails."""
    car = CarFactory()
    for n, seconds in enumerate([10, 20, 30, 40, 100, None]):
        booking = make_booking(car=car, start=in_days(3 + n), length=1, source="staff" if n == 5 else "web")
        with as_owner():
            chosen = booking.created_at - timedelta(seconds=seconds) if seconds else None
            Booking.objects.filter(pk=booking.pk).update(dates_chosen_at=chosen)
    with as_owner():
        for number in (2, 3):
            EventCount.objects.create(name="booking_refused", code="dates_taken", count=number)
        EventCount.objects.create(name="http", code="429", count=7)
        mails = InboxEmail.objects.order_by("pk").values_list("pk", flat=True)
        InboxEmail.objects.filter(pk__in=mails[:4]).update(status="sent", delivery="delivered")
        InboxEmail.objects.filter(pk__in=mails[4:5]).update(status="sent", delivery="bounced")
        InboxEmail.objects.filter(pk__in=mails[5:6]).update(status="failed")
    with record("prune"):
        pass
    with pytest.raises(ZeroDivisionError), record("prune"):
        1 / 0  # noqa: B018
    old = timezone.now() - timedelta(days=8)
    with as_owner():
        EventCount.objects.create(name="http", code="500", count=1, created_at=old)
        JobRun.objects.create(name="advance_bookings", started_at=old, ok=False)


def test_the_figures_are_those_of_the_rows(busy):
    found = json.loads(metrics("--json"))
    assert found["bookings"] == {"staff": 1, "web": 5}
    assert found["seconds_to_confirm"] == {"count": 5, "mean": 40.0, "median": 30.0, "p90": 76.0}
    assert found["refusals"] == {"dates_taken": 5}
    assert found["error_answers"] == {"429": 7}
    assert (found["jobs"]["prune"]["runs"], found["jobs"]["prune"]["failed"]) == (2, 1)
    assert set(found["jobs"]) == {"prune"}
    assert found["mails"] == {
        "waiting": 6,
        "sent": 5,
        "failed": 1,
        "delivered": 4,
        "delayed": 0,
        "bounced": 1,
        "complained": 0,
        "refused": 0,
        "events": 0,
    }
    assert found["inbox"]["waiting"] == 6
    assert json.loads(metrics("--json", "--days", "30"))["error_answers"] == {"429": 7, "500": 1}


def test_the_table_says_the_same_to_people(busy):
    text = metrics()
    for line in ("  dates_taken  5", "  median  30.0", "  p90     76.0", "  bounced     1", "  web    5"):
        assert line in text.splitlines()
    assert "marta" not in text.lower()


def test_nothing_yet_is_said_too():
    found = json.loads(metrics("--json"))
    assert found["seconds_to_confirm"] == {"count": 0, "mean": None, "median": None, "p90": None}
    assert "Refusals\n  none" in metrics()


@pytest.mark.parametrize("days", ["0", "-1", "x", "99999"])
def test_days_that_make_no_sense_are_refused(days):
    with pytest.raises(CommandError):
        metrics("--days", days)
