"""What must follow from the money of a booking. Facts decide, so it may run twice, at once, or after a crash in between.

Paid for: confirmed. Over-paid: the rest goes back. Cancelled: what the terms give back goes back, holds are released, and
when all is back the booking is `refunded`. Confirmed with a deposit: the hold is planned. Called after every fold, by the
worker when a booking was changed or cancelled, and by the reconciler.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from bookings.errors import InvalidTransition, StatusChanged
from bookings.lifecycle.transitions import transition
from bookings.models import Booking, BookingChange, Payment, Refund, StatusChange
from bookings.payments.deposits import plan_deposit, voidable
from bookings.payments.problems import raise_problem, remind
from bookings.payments.refunds import promise
from bookings.payments.registry import MANUAL
from bookings.payments.terms import fee_owed, paid_after
from bookings.payments.totals import write_totals
from bookings.signals import payment_ends
from exodrive.db.retry import retry_on_deadlock
from exodrive.money import Money
from exodrive.rls import SERVICE, acting_as

Status = Booking.Status
LIVE = (Status.PENDING, Status.UPCOMING, Status.ACTIVE, Status.COMPLETED)


def settle(booking_id: UUID, *, at: datetime) -> None:
    """Do what is due; outside any transaction, as exo_service."""
    booking = _give_back(booking_id, at)
    if booking.status == Status.PENDING and _is_covered(booking):
        _move(booking, Status.UPCOMING, at)
        booking = _give_back(booking_id, at)  # somebody may have cancelled it a moment ago
    if booking.status == Status.CANCELLED and booking.refunded and not booking.paid:
        _move(booking, Status.REFUNDED, at)


def _is_covered(booking: Booking) -> bool:
    """Paid for online, with nothing about it that somebody has to look at first. What staff took, staff confirm."""
    if not booking.total or booking.amount_due:
        return False
    payments = Payment.objects.filter(booking=booking)
    online = payments.filter(captured__gt=0).exclude(provider=MANUAL).exists()
    return online and not payments.filter(problem=Payment.Problem.MISMATCH).exists()


def _move(booking: Booking, to: str, at: datetime) -> None:
    try:
        with acting_as(SERVICE, actor="provider"):  # whoever came by: it is the money that moves it
            transition(booking=booking, to=to, at=at, from_=booking.status)
    except (StatusChanged, InvalidTransition):
        return  # somebody was faster: the facts are looked at again


@retry_on_deadlock()
def _give_back(booking_id: UUID, at: datetime) -> Booking:
    with transaction.atomic(durable=True):
        rows = Booking.objects.select_for_update(of=("self",)).select_related("car__location")
        booking = rows.get(pk=booking_id)
        payments = list(Payment.objects.select_for_update().filter(booking=booking))
        charges = [row for row in payments if row.kind == Payment.Kind.CHARGE and row.purpose == "rental"]
        if booking.status in LIVE:
            _give_excess_back(booking, charges, at)
            plan_deposit(booking, payments, at)
            _end_needless(booking, payments)
        else:
            _give_cancelled_back(booking, charges, at)
            _end(payments)
        write_totals(booking)
    return booking


def _end_needless(booking: Booking, payments: list[Payment]) -> None:
    """One deposit is enough; and of a rental that is paid no page stays open."""
    held = [row for row in payments if row.purpose == Payment.Purpose.DEPOSIT and (row.held or row.captured)]
    others = [row for row in payments if row.purpose == Payment.Purpose.DEPOSIT and row not in held[:1]]
    pages = [row for row in payments if row.purpose == Payment.Purpose.RENTAL and not row.captured]
    _end([*(others if held else ()), *(() if booking.amount_due else pages)])


def _end(payments: list[Payment]) -> None:
    for payment in filter(voidable, payments):
        payment_ends.send(Payment, payment=payment)


def _give_excess_back(booking: Booking, charges: list[Payment], at: datetime) -> None:
    kept = Money.sum((row.kept for row in charges), booking.currency)
    excess = kept + Money(booking.forgiven, booking.currency) - booking.total_money
    if excess.amount <= 0 or any(row.problem == Payment.Problem.MISMATCH for row in charges):
        return
    newest = max((row for row in charges if row.kept), key=lambda row: row.created_at)
    twice = len(charges) > 1 and newest.kept <= excess and not _costs_less_since(newest)
    with override(booking.language):
        why = _("Paid twice") if twice else _("The booking costs less now")
    if _promise(charges, excess, why, at) and twice:
        raise_problem(newest, Payment.Problem.PAID_TWICE)


def _costs_less_since(payment: Payment) -> bool:
    changes = BookingChange.objects.filter(booking=payment.booking_id, created_at__gte=payment.created_at)
    return changes.filter(difference__lt=0).exists()


def _give_cancelled_back(booking: Booking, charges: list[Payment], at: datetime) -> None:
    kept = Money.sum((row.kept for row in charges), booking.currency)
    if not kept:
        return
    moved = StatusChange.objects.filter(booking=booking, to_status=Status.CANCELLED).order_by("at").last()
    late = [row for row in charges if row.kept and moved and paid_after(row, moved)]
    before = [row for row in charges if row not in late]
    with override(booking.language):
        gone, cancelled = _("The booking was over already"), _("Booking cancelled")
    for row in late:
        if _promise([row], row.kept, gone, at):
            raise_problem(row, Payment.Problem.DAYS_GONE)
    owed = Money.sum((row.kept for row in before), booking.currency) - fee_owed(booking)
    if owed.amount > 0:
        _promise(before, owed, cancelled, at)


def _promise(charges: list[Payment], amount: Money, why: str, at: datetime) -> bool:
    """From the newest back; whether anything could be. Where a refund has just failed the next would too: people decide."""
    left = amount
    for row in sorted(charges, key=lambda row: row.created_at, reverse=True):
        part = min(left, row.kept)
        if part.amount > 0 and _failed(row):
            remind(row, Payment.Problem.REFUND_FAILED, at)
        elif part.amount > 0:
            promise(row, part, why)
            left -= part
    return left != amount


def _failed(payment: Payment) -> bool:
    last = payment.refunds.order_by("created_at").last()
    return last is not None and last.state in (Refund.State.FAILED, Refund.State.CANCELLED)
