"""However many workers and sweeps run at once, each mail goes out once."""

import threading
import time

import pytest
from django.core import mail as post
from django.core.mail.backends.locmem import EmailBackend
from django.db import connections

from bookings.tests.support.factories import make_booking, make_desk
from exodrive.rls import SERVICE, acting_as, as_owner
from inbox.mail import queue as mail_queue
from inbox.models import InboxEmail
from inbox.tests.support.mails import NOW, deliver, row, set_row

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("silent_broker")]


class Slow(EmailBackend):
    """A mail server that takes its time, so that others have time to interfere."""

    def send_messages(self, messages):
        time.sleep(0.05)
        return super().send_messages(messages)


def at_once(ids):
    """Eight workers and two sweepers go for the same mails; how many times one said it sent one."""
    start = threading.Barrier(10)
    sent: list[int] = []

    def run(job):
        start.wait()
        with acting_as(SERVICE):
            sent.append(job())
        connections.close_all()

    jobs = [lambda: sum(mail_queue.deliver(pk, at=NOW) for pk in ids)] * 8 + [
        lambda: mail_queue.send_queued(at=NOW)
    ] * 2
    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent) == len(jobs)
    return sum(sent)


@pytest.fixture
def mails(settings):
    """Ids of the six mails of three new bookings, and a slow mail server."""
    settings.EMAIL_BACKEND = "inbox.tests.mail.test_races.Slow"
    make_desk()
    for _ in range(3):
        make_booking()
    with as_owner():
        return list(InboxEmail.objects.values_list("pk", flat=True))


def test_eight_workers_and_two_sweeps_send_each_mail_once(mails):
    assert len(mails) == 6
    assert at_once(mails) == 6
    sent = [message.extra_headers["Message-ID"] for message in post.outbox]
    assert len(sent) == len(set(sent)) == 6
    with as_owner():
        assert set(InboxEmail.objects.values_list("status", "attempts")) == {("sent", 1)}


def test_without_the_claim_mails_would_go_out_twice(mails, monkeypatch):
    def look_then_take(email_id, at):
        email = InboxEmail.objects.select_related("booking__car__location", "booking__link").get(pk=email_id)
        return email if email.status == "queued" else None

    monkeypatch.setattr(mail_queue, "_claim", look_then_take)
    at_once(mails)
    assert len(post.outbox) > 6


def test_the_claim_is_seen_by_others_while_the_mail_server_is_asked(email, settings, monkeypatch):
    seen = []

    def another_worker():
        seen.append(deliver(email))
        connections.close_all()

    def look(self, messages):
        seen.append(row(email).status)
        thread = threading.Thread(target=another_worker)
        thread.start()
        thread.join()
        return len(messages)

    monkeypatch.setattr(EmailBackend, "send_messages", look)
    assert deliver(email) is True
    assert seen == ["sending", False]


def test_a_worker_that_wakes_up_too_late_does_not_undo_what_the_next_one_wrote(email, monkeypatch):
    def overtaken(self, messages):
        # Ten minutes pass; a sweep gives the mail to somebody else, who sends it.
        set_row(email, status="sent", attempts=2, error="")
        raise TimeoutError

    monkeypatch.setattr(EmailBackend, "send_messages", overtaken)
    assert deliver(email) is False
    assert (row(email).status, row(email).attempts, row(email).error) == ("sent", 2, "")
