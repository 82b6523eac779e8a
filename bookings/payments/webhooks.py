"""What providers report. Verified, kept byte for byte and answered; handled afterwards, by asking the provider what is true.

The same event twice is one row. An event that could not be handled is tried again with longer pauses: what counts is
whether it was handled, not whether it was seen.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.db.models.query import QuerySet

from bookings.events import log_event
from bookings.models import Payment, ProviderEvent
from bookings.payments.checkout import complete
from bookings.payments.ledger import fold
from bookings.payments.operations import told_to_provider
from bookings.payments.provider import Declined, Event
from bookings.payments.registry import provider_of
from bookings.payments.settle import settle
from bookings.signals import event_waits

log = logging.getLogger(__name__)

State = ProviderEvent.State
# After these the event is a task for people: it stands on the payments page.
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720)]
CLAIM = timedelta(minutes=3)  # longer than any handling takes: whoever died with an event gives it back
A_SWEEP = 100


def receive(provider: str, body: bytes, headers: Mapping[str, str], *, at: datetime) -> bool:
    """Keep an event, as exo_service; False when it is known already. Raises BadSignature, and LookupError for a provider
    that there is not."""
    event = provider_of(provider).verify_webhook(body, headers, at=at)
    with transaction.atomic(durable=True):
        if not _kept(provider, event, body, at):
            return False
        event_waits.send(ProviderEvent)
    return True


def _kept(provider: str, event: Event, body: bytes, at: datetime) -> bool:
    row = ProviderEvent(
        provider=provider, event_id=event.id[:255], type=event.type[:100], body=body, due_at=at
    )
    row.payment_id_sent, row.refs = event.payment_id, [list(pair) for pair in event.refs]
    ProviderEvent.objects.bulk_create([row], ignore_conflicts=True)
    return ProviderEvent.objects.filter(pk=row.pk).exists()


def handle_waiting(*, at: datetime) -> int:
    """Handle what is due; how many. Safe to run twice and at once."""
    due = ProviderEvent.objects.filter(state__in=ProviderEvent.WAITING, due_at__lte=at)
    return sum(
        handle(pk, at=at) for pk in list(due.order_by("due_at").values_list("pk", flat=True)[:A_SWEEP])
    )


def handle(event_id: UUID, *, at: datetime) -> bool:
    """Handle one event that is due; False when somebody else does, or when it has to be tried again."""
    claimed = ProviderEvent.objects.filter(pk=event_id, state__in=ProviderEvent.WAITING, due_at__lte=at)
    if not claimed.update(due_at=at + CLAIM, attempts=F("attempts") + 1):
        return False
    event = ProviderEvent.objects.get(pk=event_id)
    try:
        state = _handled(event, at)
    except Exception as error:  # providers, networks, our own faults: one bad event must not stop the others
        return _again(event, State.FAILED, f"{type(error).__name__} {getattr(error, 'code', '')}".strip(), at)
    if state == State.ORPHAN:
        return _again(event, State.ORPHAN, "", at)
    ProviderEvent.objects.filter(pk=event.pk).update(state=state, due_at=None, error="")
    return True


def _handled(event: ProviderEvent, at: datetime) -> str:
    if not event.refs and event.payment_id_sent is None:
        return State.IGNORED
    payment = payment_of(event)
    if payment is None:
        return State.ORPHAN
    ProviderEvent.objects.filter(pk=event.pk).update(payment=payment)
    told = {kind: ref for kind, ref in event.refs if kind not in payment.refs}
    if told and not payment.ref:  # its start was never answered: now we know what the provider calls it
        payment.refs = {**payment.refs, **told}
        Payment.objects.filter(pk=payment.pk).update(refs=payment.refs)
    look(payment, at=at)
    return State.DONE


def look(payment: Payment, *, at: datetime) -> Payment:
    """Ask the provider what is true of a payment, and do what follows. Raises ProviderError but for a declined one."""
    if payment.state in Payment.OPEN:
        try:
            return complete(payment.pk, at=at)
        except Declined:
            return payment
    snapshot = provider_of(payment.provider).fetch(told_to_provider(payment))
    payment = fold(payment.pk, snapshot, at=at)
    settle(payment.booking_id, at=at)
    return payment


def payment_of(event: ProviderEvent) -> Payment | None:
    """By our id where the event carries it, else by what the provider calls its objects."""
    rows: QuerySet[Payment] = Payment.objects.select_related("booking__car", "booking__link")
    rows = rows.filter(provider=event.provider)
    if event.payment_id_sent is not None:
        return rows.filter(pk=event.payment_id_sent).first()
    named = Q(pk=None)
    for kind, ref in event.refs:
        named |= Q(ref=ref) | Q(refs__contains={kind: ref})
    return rows.filter(named).first()


def _again(event: ProviderEvent, state: str, error: str, at: datetime) -> bool:
    over = event.attempts > len(PAUSES)
    due = None if over else at + PAUSES[event.attempts - 1]
    ProviderEvent.objects.filter(pk=event.pk).update(state=state, due_at=due, error=error[:100])
    if over:
        log_event("webhook_failed", provider=event.provider, code=str(state))
        log.error("Event %s of %s could not be handled: %s %s", event.pk, event.provider, state, error)
    return False


def replay(event_id: UUID, *, at: datetime) -> None:
    """Have an event handled once more, whatever became of it."""
    ProviderEvent.objects.filter(pk=event_id).update(state=State.RECEIVED, due_at=at, attempts=0)
    event_waits.send(ProviderEvent)


def forget_bodies(at: datetime, keep: timedelta) -> int:
    """Delete what providers reported longer ago than that; how many."""
    return ProviderEvent.objects.filter(created_at__lt=at - keep, due_at=None).delete()[0]
