"""What all payments of a booking come to, and the booking's copy of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bookings.models import Booking, Payment, Refund

State, Status, Deposit = Payment.State, Booking.PaymentStatus, Booking.DepositStatus
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Totals:
    """The copy on a booking, column by column."""

    payment_status: str
    paid: Decimal
    refunded: Decimal
    forgiven: Decimal
    deposit_status: str
    deposit_until: datetime | None
    deposit_kept: Decimal


def totals_of(booking: Booking, payments: Iterable[Payment]) -> Totals:
    """Rebuilt from the payments. What was taken of a deposit is not counted as paid for the rental."""
    rows = sorted(payments, key=lambda row: row.created_at)
    charges = [
        row for row in rows if row.kind == Payment.Kind.CHARGE and row.purpose != Payment.Purpose.DAMAGE
    ]
    deposits = [row for row in rows if row.purpose == Payment.Purpose.DEPOSIT]
    captured = sum((row.captured for row in charges), NOTHING)
    refunded = sum((row.refunded for row in charges), NOTHING)
    forgiven = sum((_forgiven(row) for row in charges), NOTHING)
    return Totals(
        payment_status=_status(booking, charges, captured, refunded),
        paid=captured - refunded,
        refunded=refunded,
        forgiven=forgiven,
        deposit_status=_deposit_status(deposits),
        deposit_until=max(
            (row.honor_until or row.expires_at for row in deposits if row.held and row.expires_at),
            default=None,
        ),
        deposit_kept=sum((row.captured - row.refunded for row in deposits), NOTHING),
    )


def _forgiven(payment: Payment) -> Decimal:
    given = [
        one
        for one in payment.refunds.all()
        if one.goodwill and one.state in (*Refund.LIVE, Refund.State.DONE)
    ]
    return sum((refund.amount for refund in given), NOTHING)


def _status(booking: Booking, charges: list[Payment], captured: Decimal, refunded: Decimal) -> str:
    if captured and refunded >= captured:
        return Status.REFUNDED
    if captured and captured - refunded >= booking.total:
        return Status.PARTIALLY_REFUNDED if refunded else Status.PAID
    if refunded:
        return Status.PARTIALLY_REFUNDED
    if any(row.state == State.PROCESSING for row in charges):
        return Status.PROCESSING
    failed = charges and (charges[-1].failure or charges[-1].state == State.FAILED)
    return Status.FAILED if failed and not captured else Status.UNPAID


def _deposit_status(deposits: list[Payment]) -> str:
    """The best that is true of one of them; of the ended ones the last."""
    states = {row.state for row in deposits}
    if any(row.captured > row.refunded for row in deposits):
        return Deposit.CAPTURED
    for state, status in (
        (State.AUTHORIZED, Deposit.HELD),
        (State.PROCESSING, Deposit.WAITING),
        (State.ACTION_REQUIRED, Deposit.WAITING),
        (State.CREATED, Deposit.WAITING),
        (State.SCHEDULED, Deposit.PLANNED),
    ):
        if state in states:
            return status
    if not deposits:
        return Deposit.NONE
    # A page that closed before anything was held: it may be opened again.
    return Deposit.RELEASED if deposits[-1].authorized else Deposit.FAILED


def write_totals(booking: Booking) -> None:
    """Bring the copy on a booking, whose row is locked, up to date."""
    now = totals_of(booking, Payment.objects.filter(booking=booking).prefetch_related("refunds"))
    changed = [name for name in now.__slots__ if getattr(booking, name) != getattr(now, name)]
    for name in changed:
        setattr(booking, name, getattr(now, name))
    if changed:
        booking.save(update_fields=changed)
