"""What nobody finished: asked again until the provider says, put right where that is safe, shown to people where not.

Every minute, and by `manage.py reconcile_payments`. Each step finds its rows anew and stands alone: one that fails is
written down and does not keep the next.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from bookings.errors import Invalid
from bookings.models import Booking, Payment, PaymentOperation, Refund
from bookings.payments import checkout, deposit_jobs, deposits, refunds, webhooks
from bookings.payments.journal import finish
from bookings.payments.ledger import lock_payment
from bookings.payments.operations import payment_for, perform, refuse
from bookings.payments.problems import remind
from bookings.payments.provider import ProviderError
from bookings.payments.registry import MANUAL
from bookings.payments.settle import settle

log = logging.getLogger(__name__)

State, Status, Kind = Payment.State, Booking.Status, PaymentOperation.Kind
Paid = Booking.PaymentStatus
HELD = [Booking.DepositStatus.HELD, Booking.DepositStatus.CAPTURED]
LEFT_ALONE = timedelta(minutes=1)  # whoever began something may still be at it
ASKED_AGAIN = timedelta(hours=20)  # while a provider knows a request id
GIVEN_UP = timedelta(minutes=30)  # a start that never got an answer
TASK_AFTER = timedelta(hours=1)  # without an outcome: people look
REFUND_LATE = timedelta(days=3)
OVER_FOR = timedelta(days=7)  # after its last change a cancelled booking is looked at
A_RUN = 200


def reconcile(at: datetime) -> Counter[str]:
    """Do all of it once; how many of what. Safe to run twice and at once."""
    done: Counter[str] = Counter(events=webhooks.handle_waiting(at=at))
    for name, rows, step in (
        ("operations", lambda: _open_operations(at), _finish_operation),
        ("sessions", lambda: _open_payments(at), _look_at),
        ("refunds", lambda: _unsent_refunds(at), lambda pk, at: refunds.send_refund(pk, at=at)),
        ("bookings", lambda: _unsettled(at), lambda pk, at: settle(pk, at=at)),
        ("pages", lambda: _abandoned(at), lambda pk, at: deposits.release(pk, at=at)),
        ("endings", lambda: _needless(at), lambda pk, at: deposits.release(pk, at=at)),
        ("deposits_due", lambda: deposit_jobs.due(at), deposit_jobs.place),
        ("deposits_renewed", lambda: deposit_jobs.dishonoured(at), deposit_jobs.renew),
        ("deposits_over", lambda: deposit_jobs.clean_returns(at), lambda pk, at: deposits.release(pk, at=at)),
        ("deposits_ending", lambda: deposit_jobs.ending(at), deposit_jobs.warn),
        ("refunds_late", lambda: _late_refunds(at), _late),
    ):
        done[name] += _each(rows, step, at)
    return +done


def _each(rows: Callable[[], Iterable[Any]], step: Callable[[Any, datetime], Any], at: datetime) -> int:
    count = 0
    for row in rows():
        try:
            step(row, at)
            count += 1
        except (ProviderError, Invalid) as error:
            log.info("Reconciling waits: %s %s", type(error).__name__, getattr(error, "code", ""))
        except Exception:  # one bad row must not stop those behind it
            log.exception("Reconciling failed")
    return count


# --- What has no outcome ----------------------------------------------------------------------------------------


def _open_operations(at: datetime) -> list[UUID]:
    rows = PaymentOperation.objects.filter(
        outcome__in=PaymentOperation.OPEN, created_at__lte=at - LEFT_ALONE, refund=None
    ).exclude(payment__provider=MANUAL)
    return list(rows.order_by("created_at").values_list("pk", flat=True)[:A_RUN])


def _finish_operation(pk: UUID, at: datetime) -> None:
    operation = PaymentOperation.objects.select_related("payment").get(pk=pk)
    payment = operation.payment
    if operation.kind == Kind.START and not payment.next_url:
        if payment.kind == Payment.Kind.HOLD and payment.refs and operation.created_at > at - ASKED_AGAIN:
            checkout.hold_off_session(
                payment_for(payment.pk), at=at
            )  # it may stand: asked with the same request id
        elif operation.created_at <= at - GIVEN_UP:
            refuse(operation, "abandoned", at=at)
        return
    if operation.kind == Kind.COMPLETE:
        if payment.state not in Payment.OPEN:
            finish(operation, PaymentOperation.Outcome.DONE, at=at)
        return  # open pages are looked at anyway
    if operation.created_at <= at - TASK_AFTER:
        _raise(payment.pk, Payment.Problem.UNKNOWN, at)
    _ask_again(operation, at)


def _ask_again(operation: PaymentOperation, at: datetime) -> None:
    request_id, payment = operation.request_id, operation.payment
    if operation.kind == Kind.CAPTURE and operation.amount is not None:
        amount = payment.of(operation.amount)
        perform(
            operation,
            lambda one, told: one.capture(told, amount, final=True, request_id=request_id),
            at=at,
        )
    elif operation.kind == Kind.VOID:
        perform(operation, lambda one, told: one.void(told, request_id=request_id), at=at)
    elif operation.kind == Kind.REAUTHORIZE:
        perform(operation, lambda one, told: one.reauthorize(told, told.amount, request_id=request_id), at=at)


def _open_payments(at: datetime) -> list[UUID]:
    """Pages that somebody may have paid on and never came back from."""
    rows = Payment.objects.filter(state__in=Payment.OPEN, updated_at__lte=at - LEFT_ALONE)
    rows = (
        rows.exclude(provider=MANUAL)
        .exclude(problem=Payment.Problem.MISMATCH)
        .exclude(next_url="", state__in=[State.CREATED, State.ACTION_REQUIRED])
    )
    return list(rows.order_by("updated_at").values_list("pk", flat=True)[:A_RUN])


def _look_at(pk: UUID, at: datetime) -> None:
    webhooks.look(payment_for(pk), at=at)
    Payment.objects.filter(pk=pk, state__in=Payment.OPEN).update(updated_at=at)  # the others have their turn


def _abandoned(at: datetime) -> list[UUID]:
    """Pages that closed and nobody has paid on: looked at a moment ago, now they end."""
    rows = Payment.objects.filter(
        state__in=[State.CREATED, State.ACTION_REQUIRED], next_until__lte=at - checkout.AFTER_A_SESSION
    )
    return list(
        rows.exclude(provider=MANUAL)
        .exclude(problem=Payment.Problem.MISMATCH)
        .order_by("next_until")
        .values_list("pk", flat=True)[:A_RUN]
    )


# --- What follows from the facts --------------------------------------------------------------------------------


def _unsettled(at: datetime) -> list[UUID]:
    """Paid and not confirmed; over and not given back (a fee stays paid for good); more or less paid than it says."""
    confirmed = Q(status=Status.PENDING, paid__gte=F("total"), paid__gt=0)
    over = Q(status__in=[Status.CANCELLED, Status.REFUNDED], updated_at__gte=at - OVER_FOR) & (
        Q(paid__gt=0) | Q(refunded__gt=0)
    )
    live = [Status.PENDING, Status.UPCOMING, Status.ACTIVE, Status.COMPLETED]
    excess = Q(status__in=live, paid__gt=F("total"))
    dearer = Q(payment_status=Paid.PAID, paid__lt=F("total"))
    cheaper = Q(payment_status=Paid.UNPAID, paid__gte=F("total"), paid__gt=0)
    rows = Booking.objects.filter(confirmed | over | excess | dearer | cheaper)
    return list(rows.order_by("-updated_at").values_list("pk", flat=True)[:A_RUN])


def _needless(at: datetime) -> list[UUID]:
    """Pages and holds of bookings that are over."""
    rows = Payment.objects.filter(
        booking__status__in=[Status.CANCELLED, Status.REFUNDED],
        state__in=[*checkout.STARTABLE, State.AUTHORIZED],
        captured=0,
        booking__status_changed_at__lte=at - LEFT_ALONE,
    ).exclude(provider=MANUAL)
    return list(rows.order_by("created_at").values_list("pk", flat=True)[:A_RUN])


def _unsent_refunds(at: datetime) -> list[UUID]:
    rows = Refund.objects.filter(state=Refund.State.CREATED, created_at__lte=at - LEFT_ALONE)
    rows = rows.exclude(payment__provider=MANUAL)
    return list(rows.order_by("tried_at", "created_at").values_list("pk", flat=True)[:A_RUN])


def _late_refunds(at: datetime) -> list[UUID]:
    rows = Refund.objects.filter(state__in=Refund.LIVE, created_at__lte=at - REFUND_LATE)
    return list(rows.exclude(payment__problem=Payment.Problem.OVERDUE).values_list("payment_id", flat=True))


def _late(pk: UUID, at: datetime) -> None:
    """A refund that the provider accepted and has not made yet: look, then tell people."""
    payment = payment_for(pk)
    if payment.provider != MANUAL:
        payment = webhooks.look(payment, at=at)
    if payment.refunding:
        _raise(pk, Payment.Problem.OVERDUE, at)


def _raise(pk: UUID, problem: str, at: datetime) -> None:
    with transaction.atomic():
        remind(lock_payment(pk), problem, at)
