"""Money back: promised in a transaction that keeps every sum, sent by the worker, asked again until the provider says."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.errors import IdempotencyKeyReused, Invalid
from bookings.lifecycle.managers import refuse_desk
from bookings.models import Payment, PaymentOperation, Refund
from bookings.payments.journal import finish, new_operation
from bookings.payments.ledger import as_known, fold, lock_payment
from bookings.payments.operations import payment_for, told_to_provider
from bookings.payments.provider import (
    AlreadyDone,
    InvalidState,
    Misconfigured,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    RefundSnapshot,
    RefundState,
)
from bookings.payments.refund_ledger import request_of
from bookings.payments.registry import MANUAL, provider_of
from bookings.payments.totals import write_totals
from bookings.signals import refund_waits
from exodrive.db.retry import retry_on_deadlock
from exodrive.i18n.formats import money
from exodrive.money import Money

MAX_REASON = 300
REMEMBERED = timedelta(hours=20)  # Stripe knows a request id for a day at least


@retry_on_deadlock()
def ask_refund(*, payment_id: UUID, amount: Money, reason: str, key: UUID | None = None) -> Refund:
    """Promise (a part of) what was taken back; the worker sends it (`send_refund`).

    `key` is the id that the refund gets: with the same one, the same is promised once, and for another one
    IdempotencyKeyReused is raised. Managers only, among staff (Forbidden). Raises Invalid for more than is there, for what
    is no amount in its currency, or without a reason.
    """
    refuse_desk()
    refuse_bad_reason(reason)
    with transaction.atomic():
        payment = lock_payment(payment_id)
        known = Refund.objects.select_related("payment").filter(pk=key).first() if key else None
        if known is None:
            return promise(payment, amount, reason, key, goodwill=True)
        if (known.payment_id, known.money, known.reason) != (payment.pk, amount, reason):
            raise IdempotencyKeyReused
        return known


def refuse_bad_reason(reason: str) -> None:
    """Raise Invalid for none, and for a long one."""
    if not reason.strip() or len(reason) > MAX_REASON:
        raise Invalid.field("reason", _("Say why, in at most %(n)d characters.") % {"n": MAX_REASON})


def promise(
    payment: Payment, amount: Money, reason: str, key: UUID | None = None, *, goodwill: bool = False
) -> Refund:
    """The same for a payment that is locked: what is promised once is not there for a second promise."""
    if amount.currency != payment.currency or amount.rounded() != amount or not amount.amount > 0:
        raise Invalid.field("amount", _("This is no amount that can be paid."))
    if amount > payment.kept:
        most = _("At most %(amount)s can be given back.") % {"amount": money(payment.kept)}
        raise Invalid.field("amount", most)
    facts = {"amount": amount.amount, "reason": reason, "goodwill": goodwill}
    refund = Refund.objects.create(id=key or uuid4(), payment=payment, **facts)
    operation = new_operation(
        payment, PaymentOperation.Kind.REFUND, request_of(refund), amount=amount.amount, reason=reason
    )
    operation.refund = refund
    operation.save(force_insert=True)
    payment.refunding += amount.amount
    payment.save(update_fields=["refunding"])
    write_totals(payment.booking)
    refund_waits.send(Refund, refund=refund)
    return refund


def send_refund(refund_id: UUID, *, at: datetime) -> Payment:
    """Ask the provider; outside any transaction. Safe to run twice and at once: the request id is the refund's own.

    Raises OutcomeUnknown and RateLimited: asked again later. What staff give back by hand waits for their word.
    """
    refund = Refund.objects.get(pk=refund_id)
    payment = payment_for(refund.payment_id)
    if refund.state != Refund.State.CREATED or payment.provider == MANUAL:
        return payment
    if refund.tried_at and at - refund.created_at > REMEMBERED:
        _look(payment, at)  # providers forget request ids
        refund.refresh_from_db()
        if refund.state != Refund.State.CREATED:
            return payment
    Refund.objects.filter(pk=refund.pk).update(tried_at=at)
    operation = PaymentOperation.objects.get(refund=refund)
    try:
        told = provider_of(payment.provider).refund(
            told_to_provider(payment), refund.money, reason=refund.reason, request_id=operation.request_id
        )
    except (OutcomeUnknown, RateLimited, Misconfigured) as error:
        # Keys that are wrong for an hour are no refusal either.
        finish(operation, PaymentOperation.Outcome.UNKNOWN, at=at, code=error.code)
        raise
    except ProviderError as error:
        if isinstance(error, AlreadyDone | InvalidState):
            _look(payment, at)  # it may have been made before, or elsewhere
        told = RefundSnapshot(refund.ref, RefundState.FAILED, refund.money, failure=error.code or "refused")
    return take_in(refund, told, at=at)


def _look(payment: Payment, at: datetime) -> None:
    """Take in what the provider says is true. Raises ProviderError: then nobody knows, and it is asked again."""
    fold(payment.pk, provider_of(payment.provider).fetch(told_to_provider(payment)), at=at)


def take_in(refund: Refund, told: RefundSnapshot, *, at: datetime) -> Payment:
    """What became of one of our refunds. A late word about one that is over changes nothing."""
    payment = payment_for(refund.payment_id)
    about = RefundSnapshot(told.ref, told.state, refund.money, request_of(refund), told.failure)
    return fold(payment.pk, as_known(payment, (about,)), at=at)
