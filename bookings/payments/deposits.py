"""The deposit: planned when the rental is paid for, held near the pick-up, released after a clean return or captured."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from bookings.errors import Invalid
from bookings.lifecycle.managers import refuse_desk
from bookings.models import Booking, Payment, PaymentOperation
from bookings.payments.journal import new_operation
from bookings.payments.ledger import as_known, fold
from bookings.payments.operations import begin, payment_for, perform
from bookings.payments.provider import Capability
from bookings.payments.provider import State as ProviderState
from bookings.payments.registry import MANUAL, PROVIDERS, provider_of
from exodrive.i18n.formats import money
from exodrive.money import Money

State, Status = Payment.State, Booking.Status
MAX_REASON = 300


def plan_deposit(booking: Booking, payments: Sequence[Payment], at: datetime) -> None:
    """Write the hold down that will be due, for a rental that was paid online; its rows are locked.

    Within settings.DEPOSIT_AT_ONCE of the pick-up it is due now: the customer is still there.
    """
    paid = [row for row in payments if row.purpose == Payment.Purpose.RENTAL and row.captured]
    if booking.status not in (Status.PENDING, Status.UPCOMING) or not booking.deposit or not paid:
        return
    deposits = [row for row in payments if row.purpose == Payment.Purpose.DEPOSIT]
    if any(not _replanned(row, booking, at) for row in deposits):
        return
    provider = paid[-1].provider
    if not _may_hold(provider):
        return
    payment = Payment.objects.create(
        booking=booking,
        purpose=Payment.Purpose.DEPOSIT,
        kind=Payment.Kind.HOLD,
        provider=provider,
        state=State.SCHEDULED,
        amount=booking.deposit,
        currency=booking.currency,
        due_at=_due_at(booking, at),
    )
    new_operation(payment, PaymentOperation.Kind.PLAN, f"plan-{payment.pk}", amount=payment.amount).save(
        force_insert=True
    )
    PaymentOperation.objects.filter(payment=payment).update(
        outcome=PaymentOperation.Outcome.DONE, finished_at=at
    )


def _may_hold(provider: str) -> bool:
    try:
        return provider in PROVIDERS and Capability.HOLD in provider_of(provider).capabilities
    except LookupError:  # it was switched off
        return False


def _due_at(booking: Booking, at: datetime) -> datetime:
    soon = booking.pickup_at - at <= settings.DEPOSIT_AT_ONCE
    return at if soon else booking.pickup_at - settings.DEPOSIT_HOLD_LEAD


def _replanned(row: Payment, booking: Booking, at: datetime) -> bool:
    """Have a hold that is only planned follow its booking; True where it is for another amount, and ends."""
    if row.state != State.SCHEDULED or row.due_at is None:
        return row.state == State.CANCELLED and not row.ref
    if row.amount != booking.deposit:
        row.state = State.CANCELLED
        row.save(update_fields=["state"])
        return True
    if booking.pickup_at - at > settings.DEPOSIT_AT_ONCE and row.due_at != _due_at(booking, at):
        row.due_at = _due_at(booking, at)
        row.save(update_fields=["due_at"])
    return False


def voidable(payment: Payment) -> bool:
    """Whether a provider can be asked to release something of it: a hold, or a page that nobody has paid on."""
    if payment.provider == MANUAL:
        return False  # staff hand it back
    # What is being checked is left alone: it may be taken by now.
    states = (State.SCHEDULED, State.CREATED, State.ACTION_REQUIRED, State.AUTHORIZED)
    return payment.state in states and not payment.captured


def release(payment_id: UUID, *, at: datetime, reason: str = "") -> Payment:
    """Give a hold back, or end a payment that nobody has paid; twice is fine. Raises Invalid where there is nothing."""

    def legal(payment: Payment) -> str:
        return "" if voidable(payment) else _("There is nothing to release.")

    operation = begin(payment_id, PaymentOperation.Kind.VOID, legal=legal, reason=reason)
    payment = payment_for(payment_id)
    if _never_began(payment):  # no provider knows of it
        ended = replace(as_known(payment), state=ProviderState.CANCELLED)
        return fold(payment_id, ended, at=at, operation=operation)
    return perform(
        operation, lambda provider, told: provider.void(told, request_id=operation.request_id), at=at
    )


def _never_began(payment: Payment) -> bool:
    asked = payment.operations.filter(kind=PaymentOperation.Kind.START)
    return not payment.ref and not asked.exclude(outcome=PaymentOperation.Outcome.REFUSED).exists()


def capture_deposit(payment_id: UUID, amount: Money, *, reason: str, at: datetime) -> Payment:
    """Keep (a part of) the deposit, for a reason that the customer is told; the rest is released with it.

    Managers only, among staff (Forbidden). Raises Invalid for more than is held.
    """
    refuse_desk()
    if not reason.strip() or len(reason) > MAX_REASON:
        raise Invalid.field("reason", _("Say why, in at most %(n)d characters.") % {"n": MAX_REASON})

    def legal(payment: Payment) -> str:
        if amount.currency != payment.currency or amount.rounded() != amount or not amount.amount > 0:
            return _("This is no amount that can be paid.")
        if payment.provider == MANUAL:
            return _("There is nothing held.")
        if amount > payment.held:
            return _("At most %(amount)s is held.") % {"amount": money(payment.held)}
        return ""

    operation = begin(
        payment_id, PaymentOperation.Kind.CAPTURE, legal=legal, amount=amount.amount, reason=reason
    )
    return perform(
        operation,
        lambda provider, told: provider.capture(told, amount, final=True, request_id=operation.request_id),
        at=at,
    )


def hold_longer(payment_id: UUID, *, at: datetime) -> Payment:
    """Renew a hold whose guarantee has ended while the car is out."""

    def legal(payment: Payment) -> str:
        return "" if payment.held else _("There is nothing held.")

    operation = begin(payment_id, PaymentOperation.Kind.REAUTHORIZE, legal=legal)
    return perform(
        operation,
        lambda provider, told: provider.reauthorize(told, told.amount, request_id=operation.request_id),
        at=at,
    )
