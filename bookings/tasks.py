"""Doorways from the queue to the verbs that the calendar moves."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import httpx
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from bookings.availability import holds
from bookings.availability.fleet.taken import forget_changes
from bookings.errors import Invalid
from bookings.lifecycle import due, idempotency, unproven
from bookings.lifecycle.departures.due import advance_departures
from bookings.links.proof import forget_visitors, prune_codes
from bookings.payments import deposits, refunds, webhooks
from bookings.payments.provider import ProviderError
from bookings.payments.reconciler import reconcile
from bookings.payments.sandbox import webhook as sandbox
from bookings.payments.settle import settle
from exodrive.ops.jobs import prune_runs, record
from exodrive.rls import SERVICE, acting_as

log = logging.getLogger(__name__)


@contextmanager
def left_to_reconciler() -> Iterator[None]:
    """What a provider does not do now is asked again by the reconciler: no error of the worker's."""
    try:
        yield
    except (ProviderError, Invalid, httpx.HTTPError) as error:
        log.info("Left to the reconciler: %s %s", type(error).__name__, getattr(error, "code", ""))


@shared_task
def advance_bookings() -> None:
    """Every 15 minutes: move bookings whose day has come, by each location's midnight, and departures of tours."""
    with record("advance_bookings") as run:
        at = timezone.now()
        run.count = due.advance_due(at).total() + advance_departures(at)


@shared_task
def drop_lapsed_holds() -> None:
    """Every 5 minutes: delete holds that ran out. They have blocked nobody since they did."""
    with record("drop_lapsed_holds") as run:
        run.count = holds.drop_expired(timezone.now())


@shared_task
def expire_unpaid() -> None:
    """Every 5 minutes: cancel what is paid online and was not paid within the payment window."""
    with record("expire_unpaid") as run:
        run.count = due.expire_unpaid(timezone.now())


@shared_task
def cancel_unproven() -> None:
    """Every 5 minutes: cancel bookings whose mailbox was not proven in time."""
    with record("cancel_unproven") as run:
        run.count = unproven.cancel_unproven(timezone.now())


@shared_task
def prune() -> None:
    """Every hour: forget answers kept for retries, codes, who made bookings, which days changed, and runs after 90 days."""
    with record("prune") as run:
        at = timezone.now()
        run.count = idempotency.prune(at) + prune_runs(at) + prune_codes(at) + forget_visitors()
        run.count += webhooks.forget_bodies(at, timedelta(days=settings.RETENTION_EVENTS_DAYS))
        forget_changes(at)  # not counted: how many there are depends on how many transactions it took


@shared_task
def settle_booking(booking_id: str) -> None:
    """Do what follows from the money of a booking that was changed or cancelled."""
    with acting_as(SERVICE, actor="provider"):
        settle(UUID(booking_id), at=timezone.now())


@shared_task
def send_refund(refund_id: str) -> None:
    """Give money back that was promised. What the provider does not answer, the reconciler asks again."""
    with acting_as(SERVICE, actor="provider"), left_to_reconciler():
        payment = refunds.send_refund(UUID(refund_id), at=timezone.now())
        settle(payment.booking_id, at=timezone.now())


@shared_task
def end_payment(payment_id: str) -> None:
    """Release a hold, or close a page that nobody needs."""
    with acting_as(SERVICE, actor="provider"), left_to_reconciler():
        deposits.release(UUID(payment_id), at=timezone.now())


@shared_task
def handle_events() -> None:
    """Handle what providers reported."""
    with acting_as(SERVICE, actor="provider"):
        webhooks.handle_waiting(at=timezone.now())


@shared_task
def post_sandbox_event(body: str) -> None:
    """Post an event of the sandbox to our own webhook, as a provider would."""
    with left_to_reconciler():
        sandbox.post(body.encode())


@shared_task
def reconcile_payments() -> None:
    """Every minute: finish what nobody finished, hold and release deposits, and show people what is wrong."""
    with record("reconcile_payments") as run, acting_as(SERVICE, actor="provider"):
        run.count = reconcile(timezone.now()).total()
