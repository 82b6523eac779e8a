"""Doorways from the queue to `inbox.mail`."""

from celery import shared_task
from django.utils import timezone

from exodrive.jobs import record
from inbox import mail


@shared_task
def send_mail(email_id: str) -> None:
    """Send one mail right away."""
    mail.deliver(email_id, at=timezone.now())


@shared_task
def send_queued_mails() -> None:
    """Every minute: send what is left."""
    with record("send_mails") as run:
        run.count = mail.send_queued(at=timezone.now())
