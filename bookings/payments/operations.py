"""Asking a provider to do something: written down and committed first, asked outside any transaction, then folded.

A time-out or a dead process leaves an operation without an outcome. Whoever comes next (a second click, the webhook, the
reconciler) asks again with the same request id, so that the provider does it once.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from bookings.errors import Invalid, NotFound
from bookings.events import log_event
from bookings.models import Payment, PaymentOperation
from bookings.payments.journal import finish, new_operation
from bookings.payments.ledger import News, fold, lock_payment
from bookings.payments.provider import (
    AlreadyDone,
    InvalidState,
    Kind,
    OutcomeUnknown,
    Provider,
    ProviderError,
    ProviderPayment,
    RateLimited,
    Snapshot,
)
from bookings.payments.registry import provider_of
from bookings.payments.totals import write_totals
from bookings.signals import payment_changed
from exodrive.db.retry import retry_on_deadlock

log = logging.getLogger(__name__)

Do = Callable[[Provider, ProviderPayment], Snapshot]
Outcome = PaymentOperation.Outcome


def told_to_provider(payment: Payment) -> ProviderPayment:
    """What a provider needs to know of a payment: no name, no address."""
    booking = payment.booking
    with override(booking.language):
        what = _("%(car)s, %(reference)s") % {"car": booking.car, "reference": booking.reference}
    return ProviderPayment(
        id=payment.pk,
        kind=Kind(payment.kind),
        amount=payment.money,
        booking=booking.reference,
        description=what,
        language=booking.language,
        refs=payment.refs,
    )


def payment_for(payment_id: UUID) -> Payment:
    """With its booking and car. Raises NotFound."""
    rows = Payment.objects.select_related("booking__car", "booking__link")
    found = rows.filter(pk=payment_id).first()
    if found is None:
        raise NotFound
    return found


@retry_on_deadlock()
def begin(
    payment_id: UUID,
    kind: str,
    *,
    legal: Callable[[Payment], str],
    amount: Decimal | None = None,
    reason: str = "",
) -> PaymentOperation:
    """Write down what is going to be asked, or find the one of that kind that has no outcome yet.

    `legal` looks at the locked payment and says why not, "" when it may be done. Raises Invalid with that.
    """
    with transaction.atomic(durable=True):
        payment = lock_payment(payment_id)
        rows = PaymentOperation.objects.filter(payment=payment, kind=kind)
        waiting = rows.filter(outcome__in=PaymentOperation.OPEN).first()
        if waiting is not None and (amount is None or waiting.amount == amount):
            return waiting
        if waiting is not None:
            raise Invalid(_("The provider has not answered to the last request yet. Wait a minute."))
        if why := legal(payment):
            raise Invalid(why)
        operation = new_operation(payment, kind, f"{kind}-{uuid4()}", amount=amount, reason=reason)
        operation.save(force_insert=True)
        return operation


def perform(operation: PaymentOperation, do: Do, *, at: datetime) -> Payment:
    """Ask the provider, outside any transaction, and take in its answer.

    Raises what the provider raised when it did not do it (Declined, NeedsCustomerAction, Misconfigured) or when nobody
    knows (OutcomeUnknown, RateLimited): then the reconciler asks again.
    """
    payment = payment_for(operation.payment_id)
    provider = provider_of(payment.provider)
    try:
        snapshot = do(provider, told_to_provider(payment))
    except (AlreadyDone, InvalidState) as error:
        return _look(operation, provider, error, at=at)
    except (OutcomeUnknown, RateLimited) as error:
        finish(operation, Outcome.UNKNOWN, at=at, code=error.code)
        log_event("payment_unknown", payment_id=str(payment.pk), provider=payment.provider, code=error.code)
        raise
    except ProviderError as error:
        refuse(operation, error.code, at=at)
        raise
    return fold(payment.pk, snapshot, at=at, operation=operation)


def _look(operation: PaymentOperation, provider: Provider, error: ProviderError, *, at: datetime) -> Payment:
    """It was done before, or cannot be: the provider's truth says which."""
    before = payment_for(operation.payment_id)
    try:
        snapshot = provider.fetch(told_to_provider(before))
    except InvalidState:
        if operation.kind == PaymentOperation.Kind.START:  # nothing was begun, so this was a plain no
            refuse(operation, error.code, at=at)
            raise error from None
        finish(operation, Outcome.UNKNOWN, at=at, code=error.code)
        raise OutcomeUnknown(error.code) from error
    except ProviderError:
        finish(operation, Outcome.UNKNOWN, at=at, code=error.code)
        raise OutcomeUnknown(error.code) from error
    now = fold(before.pk, snapshot, at=at)
    did = _was_done(operation, before, now)
    finish(operation, Outcome.DONE if did else Outcome.REFUSED, at=at, code=error.code)
    if not did:
        raise error
    return now


def _was_done(operation: PaymentOperation, before: Payment, now: Payment) -> bool:
    """Whether the provider's truth is what was asked for: a hold that has lapsed was not captured."""
    kinds = PaymentOperation.Kind
    if operation.kind == kinds.CAPTURE:
        return now.captured >= (operation.amount or 0) and now.captured > 0
    if operation.kind == kinds.VOID:
        return now.state in Payment.ENDED and not now.captured
    if operation.kind == kinds.REAUTHORIZE:
        return now.honor_until != before.honor_until
    return now.state != before.state


@retry_on_deadlock()
def refuse(operation: PaymentOperation, code: str, *, at: datetime) -> None:
    """The provider said no for good. A payment that never began has failed; one that waits for its customer waits on."""
    with transaction.atomic(durable=True):
        payment = lock_payment(operation.payment_id)
        if not finish(operation, Outcome.REFUSED, at=at, code=code):
            return
        if payment.state not in (*Payment.OPEN, Payment.State.SCHEDULED):
            return
        # Whoever tried it is told, once. What we tried by ourselves its customer is asked to do.
        told = bool(payment.failure) or payment.state == Payment.State.SCHEDULED
        payment.failure = (code or "refused")[:100]
        if operation.kind == PaymentOperation.Kind.START:
            payment.state = Payment.State.FAILED
        payment.save(update_fields=["failure", "state"])
        write_totals(payment.booking)
        log_event("payment_failed", payment_id=str(payment.pk), provider=payment.provider, code=code)
        if not told:
            payment_changed.send(Payment, payment=payment, what=News.FAILED)
