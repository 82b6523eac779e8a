"""Refunds in a fold: ours are brought up to date, those made elsewhere are filed, each counts once."""

from datetime import datetime
from decimal import Decimal

from bookings.models import Payment, PaymentOperation, Refund
from bookings.payments.journal import finish
from bookings.payments.problems import raise_problem
from bookings.payments.provider import RefundSnapshot, RefundState, Snapshot

Ended = tuple[PaymentOperation, Decimal]


def take_refunds(payment: Payment, snapshot: Snapshot, at: datetime) -> list[Ended]:
    """Bring our refunds up to date and file those that were made elsewhere; what of ours was done now, with its sum."""
    rows, ended = list(payment.refunds.all()), []
    unnamed = {one.amount: one for one in rows if one.external and not one.ref}
    known = {one.ref: one for one in rows if one.ref} | {request_of(one): one for one in rows}
    for told in snapshot.refunds:
        ours = known.get(told.ref) or known.get(told.request_id)
        if ours is None and (met := unnamed.pop(told.amount.amount, None)):
            Refund.objects.filter(pk=met.pk).update(ref=told.ref)  # known by its sum alone until now
        elif ours is None:
            _file_elsewhere(payment, told)
        elif ours.state in Refund.LIVE or (ours.state, told.state) == (Refund.State.FAILED, RefundState.DONE):
            ended += _follow(payment, ours, told, at)
        elif (ours.state, told.state) == (Refund.State.DONE, RefundState.FAILED):
            _came_back(payment, ours, told)
    # Some providers count a refund that is on its way, and some tell a sum alone.
    known_sum = payment.of(total_of(payment, Refund.State.DONE, *Refund.LIVE))
    untold = min(snapshot.refunded, snapshot.captured) - known_sum
    if untold.amount > 0:
        _file_elsewhere(payment, RefundSnapshot("", RefundState.DONE, untold))
    payment.refunded = max(payment.refunded, total_of(payment, Refund.State.DONE))
    return ended


def _came_back(payment: Payment, ours: Refund, told: RefundSnapshot) -> None:
    """It had been sent, and the customer's bank returned it: we have the money, people find another way."""
    if not ours.failure:
        ours.failure = told.failure[:100] or "returned"
        ours.save(update_fields=["failure"])
        raise_problem(payment, Payment.Problem.REFUND_FAILED, save=False)


def request_of(refund: Refund) -> str:
    """The id that a refund is asked for with, at every try."""
    return f"refund-{refund.pk}"


def _file_elsewhere(payment: Payment, told: RefundSnapshot) -> None:
    if told.state not in (RefundState.FAILED, RefundState.CANCELLED):
        facts = {"amount": told.amount.amount, "state": _of_refund(told.state), "ref": told.ref}
        Refund.objects.create(payment=payment, external=True, **facts)


def _follow(payment: Payment, ours: Refund, told: RefundSnapshot, at: datetime) -> list[Ended]:
    ours.ref, ours.state, ours.failure = told.ref or ours.ref, _of_refund(told.state), told.failure[:100]
    ours.save()
    operation = PaymentOperation.objects.filter(refund=ours).first()
    if ours.state in (Refund.State.FAILED, Refund.State.CANCELLED):
        finish(operation, PaymentOperation.Outcome.REFUSED, at=at, code=told.failure)
        raise_problem(payment, Payment.Problem.REFUND_FAILED, save=False)
        return []
    if ours.state != Refund.State.DONE:
        finish(
            operation, PaymentOperation.Outcome.DONE, at=at
        )  # it was taken; what it moves is reported later
        return []
    return [(operation, ours.amount)] if operation else []


def _of_refund(state: RefundState) -> str:
    return Refund.State.PENDING if state == RefundState.CREATED else Refund.State(state.value)


def total_of(payment: Payment, *states: str) -> Decimal:
    return sum((refund.amount for refund in payment.refunds.filter(state__in=states)), Decimal(0))
