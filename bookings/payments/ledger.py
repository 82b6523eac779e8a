"""The one writer of a payment's sums: what a provider says it is (a snapshot) is folded into what we know.

Pages, webhooks, the reconciler and staff all end here. A fold may come twice, late or out of order: sums only grow, and the
state follows from them. In the same transaction the booking gets its copy, and whoever tells people hears of it.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from django.db import transaction

from bookings.events import log_event
from bookings.models import Booking, Payment, PaymentOperation, Refund
from bookings.payments.journal import Sums, finish, new_operation
from bookings.payments.problems import raise_problem, remind
from bookings.payments.provider import RefundSnapshot, Snapshot, State
from bookings.payments.refund_ledger import take_refunds, total_of
from bookings.payments.totals import write_totals
from bookings.signals import payment_changed
from exodrive.db.retry import retry_on_deadlock

# Until money moves a payment goes forward along these; what it cannot leave by itself comes last.
ROAD = [State.SCHEDULED, State.CREATED, State.ACTION_REQUIRED, State.PROCESSING, State.AUTHORIZED]
MAIN_REFS = ("order", "session", "payment_intent")  # what providers call the whole of a payment
ENDS = {State.VOIDED, State.FAILED, State.CANCELLED, State.EXPIRED}


class News(StrEnum):
    """What people are told about a payment."""

    PAID = "paid"
    FAILED = "failed"
    REFUND_SENT = "refund_sent"
    DEPOSIT_HELD = "deposit_held"
    DEPOSIT_RELEASED = "deposit_released"
    DEPOSIT_CAPTURED = "deposit_captured"


def lock_payment(payment_id: UUID) -> Payment:
    """The payment as it is now, with its booking, both locked until the transaction ends: the booking first."""
    booking_id = Payment.objects.values_list("booking_id", flat=True).get(pk=payment_id)
    booking = Booking.objects.select_for_update(of=("self",)).get(pk=booking_id)
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
    payment.booking = booking
    return payment


def as_known(payment: Payment, refunds: tuple[RefundSnapshot, ...] = ()) -> Snapshot:
    """What we know of a payment already, with news of refunds: the rest of the fold changes nothing."""
    return Snapshot(
        State(payment.state),
        authorized=payment.of(payment.authorized),
        captured=payment.of(payment.captured),
        refunded=payment.of(payment.refunded),
        voided=payment.of(payment.voided),
        refunds=refunds,
        expires_at=payment.next_until if payment.state in Payment.OPEN else payment.expires_at,
        honor_until=payment.honor_until,
        failure=payment.failure,
        next_url=payment.next_url,
    )


@retry_on_deadlock()
def fold(
    payment_id: UUID, snapshot: Snapshot, *, at: datetime, operation: PaymentOperation | None = None
) -> Payment:
    """Take in what the provider says. `operation` is what was asked, and has its outcome now.

    A snapshot in another currency or about somebody else's payment moves nothing: the payment gets the problem
    `mismatch`. One of another amount is taken in, because the money has moved, and gets it too.
    """
    with transaction.atomic(durable=True):
        payment = lock_payment(payment_id)
        was, before = Sums.of(payment), payment.state
        if _is_foreign(payment, snapshot):
            return _mismatched(payment, operation, at)
        ended = take_refunds(payment, snapshot, at)
        now = _sums(payment, snapshot)
        _write(payment, now, snapshot, was)
        moved = now - was
        for one, amount in ended:
            if finish(one, PaymentOperation.Outcome.DONE, at=at, moved=Sums.refund(amount)):
                moved -= Sums.refund(amount)
        _note(payment, moved, operation, at)
        _tell(payment, was, before)
    return payment


def _is_foreign(payment: Payment, snapshot: Snapshot) -> bool:
    other = snapshot.payment_id is not None and snapshot.payment_id != payment.pk
    return other or snapshot.currency != payment.currency


def _mismatched(payment: Payment, operation: PaymentOperation | None, at: datetime) -> Payment:
    finish(operation, PaymentOperation.Outcome.REFUSED, at=at, code="mismatch")
    remind(payment, Payment.Problem.MISMATCH, at)
    return payment


def _sums(payment: Payment, snapshot: Snapshot) -> Sums:
    """Never less than we knew: what a provider forgot, or said earlier, changes nothing. Refunds: `_take_refunds`."""
    captured = max(payment.captured, snapshot.captured.amount)
    authorized = max(payment.authorized, snapshot.authorized.amount, captured)
    voided = max(payment.voided, snapshot.voided.amount)
    if snapshot.state in ENDS and authorized > captured:
        voided = authorized - captured  # what is held and not taken is the customer's again
    return Sums(authorized, captured, payment.refunded, min(voided, authorized - captured))


def _write(payment: Payment, now: Sums, snapshot: Snapshot, was: Sums) -> None:
    payment.authorized, payment.captured, payment.voided = now.authorized, now.captured, now.voided
    payment.refunded = now.refunded
    # A refund made elsewhere may leave less than we were about to give back: the provider refuses ours then.
    payment.refunding = min(total_of(payment, *Refund.LIVE), now.captured - now.refunded)
    payment.state = _state(payment, snapshot.state)
    payment.refs = {**payment.refs, **snapshot.refs}
    payment.ref = payment.ref or next(filter(None, map(payment.refs.get, MAIN_REFS)), "")
    payment.next_url = snapshot.next_url if payment.state in Payment.OPEN else ""
    if snapshot.failure or payment.state not in (State.CREATED, State.ACTION_REQUIRED, State.FAILED):
        payment.failure = snapshot.failure if payment.state in (*Payment.OPEN, State.FAILED) else ""
    if payment.state in Payment.OPEN:
        payment.next_until = snapshot.expires_at or payment.next_until
    elif snapshot.expires_at:
        payment.expires_at, payment.honor_until = snapshot.expires_at, snapshot.honor_until
    wrong = payment.kind == Payment.Kind.CHARGE and now.captured not in (0, payment.amount)
    if now.captured != was.captured and (wrong or now.captured > payment.amount):
        raise_problem(payment, Payment.Problem.MISMATCH, save=False)
    payment.save()


def _state(payment: Payment, told: State) -> str:
    if payment.captured:
        if payment.refunded >= payment.captured:
            return Payment.State.REFUNDED
        return Payment.State.PARTIALLY_REFUNDED if payment.refunded else Payment.State.CAPTURED
    known = State(payment.state)
    if payment.voided and payment.voided >= payment.authorized:
        end = told if told in ENDS else known if known in ENDS else State.VOIDED
        return Payment.State(end.value)
    if payment.authorized:
        return Payment.State.AUTHORIZED
    if known in ENDS:
        return payment.state
    if told in ENDS or (told in ROAD and ROAD.index(told) > ROAD.index(known)):
        return Payment.State(told.value)
    return payment.state


def _note(payment: Payment, moved: Sums, operation: PaymentOperation | None, at: datetime) -> None:
    """Write down what moved, with the operation that asked for it or as something that the provider reported.

    To ask for payment has no outcome before the payment has: the next one who asks does it with the same request id.
    """
    if operation and operation.kind == PaymentOperation.Kind.COMPLETE and payment.state in Payment.OPEN:
        return
    if operation is not None and finish(operation, PaymentOperation.Outcome.DONE, at=at, moved=moved):
        return
    if moved:
        operation = new_operation(payment, PaymentOperation.Kind.OBSERVE, f"observe-{uuid4()}")
        for name in ("authorized", "captured", "refunded", "voided"):
            setattr(operation, name, getattr(moved, name))
        operation.outcome, operation.finished_at = PaymentOperation.Outcome.DONE, at
        operation.save(force_insert=True)


def _tell(payment: Payment, was: Sums, before: str) -> None:
    write_totals(payment.booking)
    hold = payment.kind == Payment.Kind.HOLD
    news = []
    if payment.captured > was.captured:
        news.append(News.DEPOSIT_CAPTURED if hold else News.PAID)
    if payment.state == Payment.State.AUTHORIZED and before != Payment.State.AUTHORIZED:
        news.append(News.DEPOSIT_HELD)
    if hold and payment.voided > was.voided and not payment.captured:
        news.append(News.DEPOSIT_RELEASED)
    if payment.refunded > was.refunded:
        news.append(News.REFUND_SENT)
    if payment.state == Payment.State.FAILED != before:
        news.append(News.FAILED)
    for what in news:
        log_event("payment_changed", payment_id=str(payment.pk), what=str(what), provider=payment.provider)
        payment_changed.send(Payment, payment=payment, what=what)
