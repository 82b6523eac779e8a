"""Doorways from the queue to `inbox.mail.queue`."""

import logging

from celery import shared_task
from django.utils import timezone

from exodrive.ops.jobs import record
from inbox.audit import find_drift
from inbox.mail import delivery
from inbox.mail import queue as mail_queue
from inbox.retention import forget_what_is_over

log = logging.getLogger(__name__)


@shared_task
def send_mails(*email_ids: str) -> None:
    """Send some mails right away. One that cannot be sent is written down and does not keep the next."""
    for email_id in email_ids:
        mail_queue.deliver(email_id, at=timezone.now())


@shared_task
def send_now() -> None:
    """Send what waits, also what the sender may not name."""
    mail_queue.send_queued(at=timezone.now())


@shared_task
def send_queued_mails() -> None:
    """Every minute: send what is left."""
    with record("send_mails") as run:
        run.count = mail_queue.send_queued(at=timezone.now())


@shared_task
def prune_mail_events() -> None:
    """Every night: forget what providers reported more than 90 days ago; the mails keep what it came to."""
    with record("prune_mail_events") as run:
        run.count = delivery.prune(timezone.now())


@shared_task
def retain() -> None:
    """Every night: forget what is kept no longer."""
    with record("retain") as run:
        run.count = sum(forget_what_is_over(timezone.now()).values())


@shared_task
def check_ledger() -> None:
    """Every night: prove ledger and money; what differs is an error in the log and a number in the job's record."""
    with record("check_ledger") as run:
        drift = find_drift()
        run.count = len(drift)
    for line in drift:
        log.error("ledger drift: %s", line)
