"""Every scheduled job may run twice and at once: the end is the same, the work is done once, each mail goes out once."""

import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail as post
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, connections
from django.db.models import Sum
from django.utils import timezone

from bookings.lifecycle.idempotency import Idempotency
from bookings.models import Booking, Payment, SandboxOrder
from bookings.tests.support.factories import in_days, make_booking, make_hold, prove
from conftest import KEPT_TABLES
from exodrive.celery import app
from exodrive.models import JobRun
from exodrive.rls import as_owner
from exodrive.schedule import BEAT_SCHEDULE
from inbox.mail import queue as mail_queue
from inbox.models import InboxEmail, MailEvent

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 3
LATER = timedelta(days=40)
READS_ONLY = {"check_ledger"}
# In this order, so that the mails that others queue are sent too. A job that is missing here fails the test.
JOBS = [
    "bookings.tasks.advance_bookings",
    "bookings.tasks.expire_unpaid",
    "bookings.tasks.cancel_unproven",
    "bookings.tasks.drop_lapsed_holds",
    "bookings.tasks.reconcile_payments",
    "bookings.tasks.prune",
    "inbox.tasks.prune_mail_events",
    "inbox.tasks.retain",
    "exodrive.tasks.clear_sessions",
    "inbox.tasks.check_ledger",
    "inbox.tasks.send_queued_mails",
]


class Slow(EmailBackend):
    """A mail server that takes its time, so that others have time to interfere."""

    def send_messages(self, messages):
        time.sleep(0.02)
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def world(settings, monkeypatch):
    """A payment method that runs out, mails that are kept for a month, no broker."""
    settings.EMAIL_BACKEND = "exodrive.tests.ops.test_jobs_twice.Slow"
    settings.ONLINE_PAYMENT_METHODS = frozenset({"stand_in"})
    settings.PAYMENTS_SANDBOX = True
    settings.RETENTION_MAILS_DAYS = 30
    settings.STAFF_NOTIFY_EMAILS = ["desk@exodrive.test"]
    for receivers in ("inbox", "bookings"):
        monkeypatch.setattr(f"{receivers}.receivers.publish", lambda *args, **kwargs: True)


def fill():
    """Something to do for every job, forty days from now."""
    make_booking(status="upcoming", start=in_days(30))
    make_booking(status="pending", start=in_days(31))
    make_booking(payment_method="stand_in", start=in_days(90))
    make_booking(start=in_days(80), idempotency=Idempotency.of("key", {}))
    agreed_and_never_came_back(prove(make_booking(start=in_days(100))))
    for start in (3, 10):
        make_hold(start=in_days(start))
    long_ago = timezone.now() - timedelta(days=60)
    with as_owner():
        told = InboxEmail.objects.filter(booking__start_date=in_days(90))
        told.update(status="sent", created_at=long_ago)
        MailEvent.objects.create(event_id="e", message_id="m", kind="sent", at=long_ago)
        MailEvent.objects.update(created_at=long_ago)
        Session.objects.create(session_key="ended", session_data="", expire_date=long_ago)


def agreed_and_never_came_back(booking):
    """A payment that only the reconciler can finish."""
    facts = {"amount": booking.total, "currency": booking.currency, "kind": "charge"}
    with as_owner():
        payment = Payment.objects.create(
            booking=booking,
            purpose="rental",
            provider="sandbox",
            state="action_required",
            next_url="/sandbox/",
            **facts,
        )
        SandboxOrder.objects.create(id=payment.pk, payment_id_sent=payment.pk, state="approved", **facts)


def at_once(job, times):
    """Run a job in several threads that start together. Raises what one of them raised."""
    start, errors = threading.Barrier(times), []

    def run():
        start.wait()
        try:
            job()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@pytest.fixture(autouse=True)
def tasks():
    """As in a worker: every app's tasks are known, whatever ran before."""
    app.loader.import_default_modules()


def what_is_left():
    """Rows of every table, statuses, the work that was counted, the mails that went out.

    But for the jobs' own runs, and for what says which transaction wrote to the ledger: three at once are more of them.
    """
    with as_owner(), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - KEPT_TABLES
        tables = sorted(tables - {"job_runs", "ledger_changes"})
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
        return {
            "rows": counts,
            "bookings": sorted(Booking.objects.values_list("start_date", "status")),
            "mails": Counter(InboxEmail.objects.values_list("template", "status", "attempts")),
            "money": sorted(Payment.objects.values_list("purpose", "state", "captured")),
            "done": dict(JobRun.objects.values_list("name").annotate(Sum("count"))),
            "failed": list(JobRun.objects.exclude(ok=True).values_list("name", "error")),
            "sent": Counter((message.subject.partition(":")[0], *message.to) for message in post.outbox),
        }


def run_all(times, monkeypatch):
    """What is left when each job has run so many times at once, in a world of its own."""
    fill()
    with monkeypatch.context() as clock:
        later = timezone.now() + LATER
        clock.setattr("django.utils.timezone.now", lambda: later)
        for name in JOBS:
            at_once(app.tasks[name], times)
    found = what_is_left()
    post.outbox.clear()
    return found


def empty():
    """As between two tests."""
    with as_owner(), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - KEPT_TABLES
        cursor.execute(f"TRUNCATE {', '.join(sorted(tables))}")


def test_every_job_of_the_schedule_is_tried_here():
    assert {entry["task"] for entry in BEAT_SCHEDULE.values()} == set(JOBS)


def test_jobs_that_run_at_once_leave_what_one_alone_leaves(monkeypatch):
    once = run_all(1, monkeypatch)
    idle = [name for name, number in once["done"].items() if not number and name not in READS_ONLY]
    assert idle == [], "a job with nothing to do proves nothing"
    assert (once["failed"], len(once["done"])) == ([], len(JOBS))
    assert {status for _template, status, _attempts in once["mails"]} == {"sent"}
    assert ("rental", "captured") in {row[:2] for row in once["money"]}
    empty()
    again = run_all(AT_ONCE, monkeypatch)
    # It counts what it looked at, and three may look at the same: the money says that it was taken once.
    assert again["done"].pop("reconcile_payments") >= once["done"].pop("reconcile_payments")
    assert again == once


def test_without_the_claim_the_comparison_fails(monkeypatch):
    """Negative control."""
    once = run_all(1, monkeypatch)
    empty()

    def look_then_take(email_id, at):
        email = InboxEmail.objects.select_related("booking__car__location", "booking__link").get(pk=email_id)
        return email if email.status == "queued" else None

    monkeypatch.setattr(mail_queue, "_claim", look_then_take)
    assert run_all(AT_ONCE, monkeypatch)["sent"] != once["sent"]
