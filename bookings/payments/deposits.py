"""The deposit: planned when the rental is paid for, held near the pick-up, released after a clean return or captured."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from bookings.errors import Invalid
from bookings.lifecycle.managers import refuse_desk
from bookings.models import Booking, Payment, PaymentOperation
from bookings.payments.journal import new_operation
from bookings.payments.operations import begin, perform
from bookings.payments.provider import Capability
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
    if any(row.purpose == Payment.Purpose.DEPOSIT for row in payments):
        return
    provider = paid[-1].provider
    if provider not in PROVIDERS or Capability.HOLD not in provider_of(provider).capabilities:
        return
    soon = booking.pickup_at - at <= settings.DEPOSIT_AT_ONCE
    payment = Payment.objects.create(
        booking=booking,
        purpose=Payment.Purpose.DEPOSIT,
        kind=Payment.Kind.HOLD,
        provider=provider,
        state=State.SCHEDULED,
        amount=booking.deposit,
        currency=booking.currency,
        due_at=at if soon else booking.pickup_at - settings.DEPOSIT_HOLD_LEAD,
    )
    new_operation(payment, PaymentOperation.Kind.PLAN, f"plan-{payment.pk}", amount=payment.amount).save(
        force_insert=True
    )
    PaymentOperation.objects.filter(payment=payment).update(
        outcome=PaymentOperation.Outcome.DONE, finished_at=at
    )


def voidable(payment: Payment) -> bool:
    """Whether a provider can be asked to release something of it: a hold, or a page that nobody has paid on."""
    if payment.provider == MANUAL:
        return False  # staff hand it back
    return payment.state in (*Payment.OPEN, State.SCHEDULED, State.AUTHORIZED) and not payment.captured


def release(payment_id: UUID, *, at: datetime, reason: str = "") -> Payment:
    """Give a hold back, or end a payment that nobody has paid; twice is fine. Raises Invalid where there is nothing."""

    def legal(payment: Payment) -> str:
        return "" if voidable(payment) else _("There is nothing to release.")

    operation = begin(payment_id, PaymentOperation.Kind.VOID, legal=legal, reason=reason)
    return perform(
        operation, lambda provider, told: provider.void(told, request_id=operation.request_id), at=at
    )


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
