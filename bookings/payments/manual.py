"""Money that changes hands without a provider: at the counter, on a terminal, by transfer. Staff write it down."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.errors import Invalid
from bookings.lifecycle.managers import refuse_desk
from bookings.models import Booking, Payment, PaymentOperation, Refund
from bookings.models.paid import OVER
from bookings.payments.journal import new_operation
from bookings.payments.ledger import fold
from bookings.payments.operations import begin
from bookings.payments.provider import RefundSnapshot, RefundState, Snapshot, State
from bookings.payments.refunds import refuse_bad_reason, take_in
from bookings.payments.registry import MANUAL
from exodrive.db.retry import retry_on_deadlock
from exodrive.i18n.formats import money
from exodrive.money import Money

Kind, Purpose = Payment.Kind, Payment.Purpose


def purposes_due(booking: Booking) -> list[str]:
    """What money can be recorded for now, what is due first; nothing once it is over."""
    if booking.status in OVER:
        return []
    deposit = booking.deposit and booking.deposit_status != Booking.DepositStatus.HELD
    return [
        *([Purpose.RENTAL.value] if booking.amount_due else []),
        *([Purpose.DEPOSIT.value] if deposit else []),
        Purpose.DAMAGE.value,
    ]


def record_payment(
    *,
    booking: Booking,
    amount: Money,
    means: str,
    purpose: str = Purpose.RENTAL,
    at: datetime,
    key: UUID | None = None,
) -> Payment:
    """Money that was taken, for the rental or for damage, or a deposit that was left. Desk and managers.

    `key` is the id that the payment gets: with the same one, the same is written down once. Raises Invalid for more than
    is due, for another currency, for a way of paying that there is not, and for a key that stands for something else.
    """
    if means not in Payment.Means.values or purpose not in Purpose.values:
        raise Invalid.field("means", _("Choose one of the methods."))
    payment = _written(booking, amount, means, purpose, key or uuid4())
    hold = payment.kind == Kind.HOLD
    taken = Snapshot(
        State.AUTHORIZED if hold else State.CAPTURED,
        authorized=amount,
        captured=Money.zero(amount.currency) if hold else amount,
        refunded=Money.zero(amount.currency),
        voided=Money.zero(amount.currency),
    )
    operation = PaymentOperation.objects.get(payment=payment)
    return fold(payment.pk, taken, at=at, operation=operation)


@retry_on_deadlock()
def _written(booking: Booking, amount: Money, means: str, purpose: str, key: UUID) -> Payment:
    with transaction.atomic(durable=True):
        row = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
        if known := Payment.objects.filter(pk=key).first():
            asked = (row.pk, MANUAL, amount, means, purpose)
            if (known.booking_id, known.provider, known.money, known.means, known.purpose) != asked:
                raise Invalid(_("Something else was recorded with this form. Open it again."))
            return known
        _refuse_unfit(row, amount, purpose)
        payment = Payment.objects.create(
            id=key,
            booking=row,
            purpose=purpose,
            kind=Kind.HOLD if purpose == Purpose.DEPOSIT else Kind.CHARGE,
            provider=MANUAL,
            means=means,
            amount=amount.amount,
            currency=amount.currency,
        )
        new_operation(
            payment, PaymentOperation.Kind.RECORD, f"record-{payment.pk}", amount=amount.amount
        ).save(force_insert=True)
        return payment


def _refuse_unfit(booking: Booking, amount: Money, purpose: str) -> None:
    if amount.currency != booking.currency or amount.rounded() != amount or not amount.amount > 0:
        raise Invalid.field("amount", _("This is no amount that can be paid."))
    if purpose == Purpose.RENTAL and amount > booking.amount_due:
        due = _("At most %(amount)s is due.") % {"amount": money(booking.amount_due)}
        raise Invalid.field("amount", due)
    if purpose == Purpose.DEPOSIT and booking.status in OVER:
        raise Invalid(_("This booking is over."))
    if purpose == Purpose.DEPOSIT and booking.deposit_status == Booking.DepositStatus.HELD:
        raise Invalid.field("amount", _("The deposit is held already."))


def deposit_returned(payment_id: UUID, *, kept: Money, reason: str = "", at: datetime) -> Payment:
    """A deposit that was left at the counter went back, but for what was kept of it. Desk; who keeps some is a manager.

    Raises Forbidden; Invalid for more than was left, without a reason for keeping some, and for one that went back.
    """
    if kept:
        refuse_desk()
        refuse_bad_reason(reason)
    kind = PaymentOperation.Kind.CAPTURE if kept else PaymentOperation.Kind.VOID
    operation = begin(
        payment_id, kind, legal=lambda row: _why_not_back(row, kept), amount=kept.amount, reason=reason
    )
    payment = operation.payment
    whole = Snapshot(
        State.CAPTURED if kept else State.VOIDED,
        authorized=payment.money,
        captured=kept,
        refunded=Money.zero(payment.currency),
        voided=payment.money - kept,
    )
    return fold(payment.pk, whole, at=at, operation=operation)


def _why_not_back(payment: Payment, kept: Money) -> str:
    """Looks at the locked payment: of two who give it back at once the second finds the first one's word."""
    open_ = payment.operations.filter(outcome__in=PaymentOperation.OPEN)
    if payment.provider != MANUAL or not payment.held or open_.exists():
        return _("There is nothing to release.")
    if kept.currency != payment.currency or kept.rounded() != kept or kept.amount < 0:
        return _("This is no amount that can be paid.")
    if kept > payment.held:
        return _("At most %(amount)s is held.") % {"amount": money(payment.held)}
    return ""


def refund_given(refund_id: UUID, *, at: datetime) -> Payment:
    """A refund that staff owe was handed over or transferred."""
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.payment.provider != MANUAL or refund.state not in Refund.LIVE:
        raise Invalid(_("This refund is over already."))
    return take_in(refund, RefundSnapshot("", RefundState.DONE, refund.money), at=at)
