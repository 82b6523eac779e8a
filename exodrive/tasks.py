"""Doorways from the queue to what belongs to no app."""

from celery import shared_task
from django.utils import timezone

from exodrive.ops.jobs import record
from exodrive.staff.sessions import forget_ended


@shared_task
def clear_sessions() -> None:
    """Every night: delete sessions that have ended."""
    with record("clear_sessions") as run:
        run.count = forget_ended(timezone.now())
