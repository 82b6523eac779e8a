"""The doors to the sending of mails: tasks, the sweep, the command."""

import threading
from io import StringIO

import pytest
from django.core import mail as post
from django.core.management import CommandError, call_command
from django.db import connections

from bookings.tests.support.factories import make_booking, make_desk
from exodrive.celery import app
from exodrive.models import JobRun
from exodrive.rls import as_owner
from exodrive.schedule import BEAT_SCHEDULE
from inbox.models import InboxEmail
from inbox.tasks import send_mails, send_queued_mails

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _silent_broker(monkeypatch):
    monkeypatch.setattr("inbox.receivers.publish", lambda *args: True)


@pytest.fixture
def booking():
    make_desk()
    return make_booking()


def statuses():
    with as_owner():
        return sorted(InboxEmail.objects.values_list("template", "status"))


def runs():
    with as_owner():
        return list(JobRun.objects.order_by("pk").values_list("name", "ok", "count"))


def run_command(name, *args):
    out = StringIO()
    call_command(name, *args, stdout=out)
    return out.getvalue()


def test_the_task_sends_one_mail_and_leaves_the_others(booking):
    with as_owner():
        email = InboxEmail.objects.get(booking=booking, template="booking_received")
    send_mails(str(email.pk))
    assert statuses() == [("booking_received", "sent"), ("new_booking", "queued")]
    assert runs() == []


def test_a_mail_that_is_gone_is_no_error(booking):
    send_mails("00000000-0000-4000-8000-000000000001")
    assert post.outbox == []


def test_the_sweep_sends_what_is_left_and_is_recorded(booking):
    send_queued_mails()
    assert statuses() == [("booking_received", "sent"), ("new_booking", "sent")]
    send_queued_mails()
    assert runs() == [("send_mails", True, 2), ("send_mails", True, 0)]
    assert len(post.outbox) == 2


def test_the_command_prints_one_line(booking):
    assert run_command("send_mails") == "Mails sent: 2\n"
    assert run_command("send_mails") == "Mails sent: 0\n"
    assert runs() == [("send_mails", True, 2), ("send_mails", True, 0)]


@pytest.mark.django_db(transaction=True)
def test_commands_at_once_share_the_work(booking):
    answers = []

    def run():
        answers.append(run_command("send_mails"))
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(int(answer.split()[-1]) for answer in answers) == len(post.outbox) == 2
    assert [ok for _name, ok, _count in runs()] == [True] * 4


def test_every_scheduled_task_exists():
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in BEAT_SCHEDULE.values()}
    assert scheduled - set(app.tasks) == set()


def test_every_mail_can_be_looked_at_in_a_browser(booking, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    answer = run_command("preview_mails", booking.reference)
    folder = tmp_path / "mail-preview"
    mails = 4 * len(InboxEmail.Template.values)
    assert answer == f"{mails} mails written to {folder}\n"
    assert len(list(folder.glob("*.html"))) == len(list(folder.glob("*.txt"))) == mails
    assert (
        (folder / "booking_confirmed.pt.html").read_text().startswith('<!DOCTYPE html>\n<html lang="pt-PT"')
    )
    assert statuses() == [("booking_received", "queued"), ("new_booking", "queued")]


def test_a_preview_needs_a_booking():
    with pytest.raises(CommandError, match="no such booking"):
        run_command("preview_mails", "EXO-222222")
