"""Doorways from the queue to the verbs that the calendar moves."""

from celery import shared_task
from django.utils import timezone

from bookings.availability import holds
from bookings.lifecycle import idempotency, transitions, unproven
from bookings.links.proof import forget_visitors, prune_codes
from exodrive.ops.jobs import prune_runs, record


@shared_task
def advance_bookings() -> None:
    """Every 15 minutes: move bookings whose day has come, by each location's midnight."""
    with record("advance_bookings") as run:
        run.count = transitions.advance_due(timezone.now()).total()


@shared_task
def drop_lapsed_holds() -> None:
    """Every 5 minutes: delete holds that ran out. They have blocked nobody since they did."""
    with record("drop_lapsed_holds") as run:
        run.count = holds.drop_expired(timezone.now())


@shared_task
def expire_unpaid() -> None:
    """Every 5 minutes: cancel what is paid online and was not paid within the payment window."""
    with record("expire_unpaid") as run:
        run.count = transitions.expire_unpaid(timezone.now())


@shared_task
def cancel_unproven() -> None:
    """Every 5 minutes: cancel bookings whose mailbox was not proven in time."""
    with record("cancel_unproven") as run:
        run.count = unproven.cancel_unproven(timezone.now())


@shared_task
def prune() -> None:
    """Every hour: forget answers kept for retries, codes, who made bookings, and runs of jobs after 90 days."""
    with record("prune") as run:
        at = timezone.now()
        run.count = idempotency.prune(at) + prune_runs(at) + prune_codes(at) + forget_visitors()
