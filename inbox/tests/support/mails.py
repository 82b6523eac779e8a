"""What tests of mails do with a mail (the fixture `email`), as a worker or as the owner."""

from typing import Any

from django.utils import timezone

from exodrive.rls import SERVICE, acting_as, as_owner
from inbox.mail import queue as mail_queue
from inbox.models import InboxEmail

NOW = timezone.now()
RECEIVED, NEW_BOOKING = InboxEmail.Template.BOOKING_RECEIVED, InboxEmail.Template.NEW_BOOKING


def deliver(email, at=NOW):
    with acting_as(SERVICE):
        return mail_queue.deliver(email.pk, at=at)


def sweep(at=NOW):
    with acting_as(SERVICE):
        return mail_queue.send_queued(at=at)


def row(email):
    with as_owner():
        return InboxEmail.objects.get(pk=email.pk)


def set_row(email, **fields: Any):
    with as_owner():
        InboxEmail.objects.filter(pk=email.pk).update(**fields)
