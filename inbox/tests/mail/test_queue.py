"""Mails are rows first: sent, written down, tried again when the mail server is away."""

import smtplib
from datetime import time, timedelta

import pytest
from django.core import mail as post
from django.core.mail.backends.locmem import EmailBackend
from django.db import DatabaseError, transaction
from django.utils import timezone

from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.request import Details
from bookings.links.lookup import booking_for
from bookings.tests.support.factories import make_booking, make_desk, make_manager, make_user, prove
from exodrive.rls import PUBLIC, STAFF, acting_as, as_owner
from inbox.mail import queue as mail_queue
from inbox.models import InboxEmail
from inbox.tests.support.mails import NEW_BOOKING, NOW, RECEIVED, deliver, row, set_row, sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silent_broker")]
HERE = "inbox.tests.mail.test_queue"


class Away(EmailBackend):
    """A mail server that refuses everything and quotes the customer while it does."""

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({"marta.oliveira@example.com": (550, b"no Marta here")})


class Busy(EmailBackend):
    """A mail server with a temporary problem."""

    def send_messages(self, messages):
        raise smtplib.SMTPDataError(451, b"try later, marta.oliveira@example.com")


def test_a_mail_goes_out_in_the_bookings_language_and_is_written_down(email):
    set_row(email, language="fr")
    assert deliver(email) is True
    (message,) = post.outbox
    assert message.to == ["marta.oliveira@example.com"]
    assert 'lang="fr-FR"' in message.alternatives[0].content
    sent = row(email)
    assert (sent.status, sent.attempts, sent.recipient, sent.error) == (
        "sent",
        1,
        "marta.oliveira@example.com",
        "",
    )
    assert sent.sent_at is not None


def test_what_was_sent_is_not_sent_again(email):
    assert [deliver(email), deliver(email), sweep()] == [True, False, 0]
    assert len(post.outbox) == 1


def test_mails_of_people_who_booked_with_another_spelling_go_to_their_mailbox(email):
    with as_owner():
        email.booking.email = "Marta.Oliveira@Example.com"
        email.booking.save(update_fields=["email"])
    deliver(email)
    assert post.outbox[0].to == ["marta.oliveira@example.com"]


def test_a_failure_is_written_down_without_personal_data_and_tried_again_later(email, settings, caplog):
    settings.EMAIL_BACKEND = f"{HERE}.Away"
    assert deliver(email) is False
    failed = row(email)
    assert (failed.status, failed.attempts, failed.error) == ("queued", 1, "SMTPRecipientsRefused")
    assert failed.due_at == NOW + timedelta(minutes=1)
    assert "marta" not in caplog.text.lower()
    assert "SMTPRecipientsRefused" in caplog.text

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert sweep(NOW + timedelta(seconds=59)) == 0
    assert sweep(NOW + timedelta(seconds=60)) == 1
    assert (row(email).status, row(email).error) == ("sent", "")


def test_the_servers_code_is_kept(email, settings):
    settings.EMAIL_BACKEND = f"{HERE}.Busy"
    deliver(email)
    assert row(email).error == "SMTPDataError 451"


def test_five_attempts_further_and_further_apart_then_staff_must_act(email, settings):
    settings.EMAIL_BACKEND = f"{HERE}.Away"
    at, waits = NOW, []
    while row(email).status == "queued":
        assert sweep(at) == 0
        due = row(email).due_at
        if due:
            waits.append((due - at).total_seconds() / 60)
            at = due
    assert waits == [1, 5, 25, 120]
    assert (row(email).status, row(email).attempts) == ("failed", 5)
    assert sweep(at + timedelta(days=1)) == 0
    assert row(email).attempts == 5


def test_one_bad_mail_does_not_stop_the_others(email, monkeypatch):
    good = make_booking()
    with as_owner():
        InboxEmail.objects.filter(template=NEW_BOOKING).delete()
    compose = mail_queue.compose

    def broken_for_one(wanted, *args, **kwargs):
        if wanted.pk == email.pk:
            raise KeyError("Marta")
        return compose(wanted, *args, **kwargs)

    monkeypatch.setattr(mail_queue, "compose", broken_for_one)
    assert sweep() == 1
    assert row(email).error == "KeyError"
    with as_owner():
        assert InboxEmail.objects.get(booking=good).status == "sent"


def test_a_claim_whose_worker_died_is_put_back_after_ten_minutes(email):
    set_row(email, status="sending", claimed_at=NOW, attempts=1)
    assert sweep(NOW + timedelta(minutes=10)) == 0
    assert sweep(NOW + timedelta(minutes=10, seconds=1)) == 1
    assert (row(email).status, row(email).attempts) == ("sent", 2)


def test_a_claim_that_was_the_last_attempt_is_given_up(email):
    set_row(email, status="sending", claimed_at=NOW, attempts=5)
    assert sweep(NOW + timedelta(minutes=11)) == 0
    assert (row(email).status, row(email).error) == ("failed", "worker died")


def test_a_sweep_sends_the_oldest_first_and_only_so_many(email, monkeypatch):
    make_booking()
    with as_owner():
        InboxEmail.objects.filter(template=NEW_BOOKING).delete()
    monkeypatch.setattr(mail_queue, "A_SWEEP", 1)
    assert sweep() == 1
    assert row(email).status == "sent"
    assert [sweep(), sweep()] == [1, 0]


def test_staff_mail_goes_to_the_addresses_in_the_settings(settings):
    settings.STAFF_NOTIFY_EMAILS = ["desk@exodrive.test", "night@exodrive.test"]
    make_desk()
    make_booking(language="fr")
    sweep()
    (message,) = [m for m in post.outbox if "New booking" in m.subject]
    assert message.to == ["desk@exodrive.test", "night@exodrive.test"]


def test_staff_mail_goes_to_whoever_works_here(settings):
    settings.STAFF_NOTIFY_EMAILS = []
    make_desk(email="b@exodrive.test")
    make_manager(email="a@exodrive.test")
    make_user(email="c@exodrive.test", is_superuser=True)
    make_desk(email="gone@exodrive.test", is_active=False)
    make_user(email="nobody@exodrive.test", is_staff=True)
    make_booking()
    sweep()
    (message,) = [m for m in post.outbox if "New booking" in m.subject]
    assert message.to == ["a@exodrive.test", "b@exodrive.test", "c@exodrive.test"]


def test_without_anybody_to_tell_the_mail_waits(settings):
    settings.STAFF_NOTIFY_EMAILS = []
    booking = make_booking()
    sweep()
    with as_owner():
        waiting = InboxEmail.objects.get(booking=booking, template=NEW_BOOKING)
    assert (waiting.status, waiting.error) == ("queued", "NoRecipient")


def test_staff_send_a_mail_again_as_a_new_row(email):
    deliver(email)
    with acting_as(STAFF):
        again = mail_queue.resend(row(email))
    assert (again.pk != email.pk, again.template, again.language, again.status) == (
        True,
        RECEIVED,
        "en",
        "queued",
    )
    assert row(email).status == "sent"
    assert deliver(again) is True
    assert len(post.outbox) == 2


def test_the_public_queues_mails_but_reads_none(email):
    with acting_as(PUBLIC):
        mail_queue.queue(email.booking, InboxEmail.Template.BOOKING_CANCELLED)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            InboxEmail.objects.count()
    with as_owner():
        assert InboxEmail.objects.filter(booking=email.booking).count() == 2


# --- How often -----------------------------------------------------------------------------------------------------


def change(booking, hour):
    with acting_as(PUBLIC, token=booking.secret):
        to = ChangeRequest(details=Details(pickup_time=time(hour)))
        change_booking(booking=booking_for(booking.secret), to=to, at=timezone.now())


def changed_mails(booking):
    with as_owner():
        mails = InboxEmail.objects.filter(booking=booking, template="booking_changed").order_by("created_at")
        return list(mails.values_list("status", flat=True))


def test_changes_that_follow_each_other_are_told_in_one_mail():
    booking = prove(make_booking())
    change(booking, 11)
    assert sweep(at=timezone.now()) == 2  # nobody works here who would get the one for staff
    for hour in (12, 13, 14, 15):
        change(booking, hour)
    assert sweep(at=timezone.now()) == 0
    assert changed_mails(booking) == ["sent", "merged", "merged", "merged", "queued"]
    assert sweep(at=timezone.now() + timedelta(minutes=9)) == 0
    assert sweep(at=timezone.now() + timedelta(minutes=11)) == 1
    assert changed_mails(booking) == ["sent", "merged", "merged", "merged", "sent"]
    assert "15:00" in post.outbox[-1].body


def test_a_mailbox_gets_so_many_mails_an_hour(settings):
    settings.MAILS_PER_HOUR = 2
    for _n in range(4):
        make_booking()
    assert sweep(at=timezone.now()) == 2
    assert sweep(at=timezone.now() + timedelta(minutes=59)) == 0
    settings.MAILS_PER_HOUR = 0
    assert sweep(at=timezone.now() + timedelta(minutes=61)) == 2
