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

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from bookings.errors import Invalid
from bookings.models import Booking, Payment, PaymentOperation, Refund
from bookings.payments import deposits, refunds, webhooks
from bookings.payments.journal import finish
from bookings.payments.ledger import fold, lock_payment, raise_problem
from bookings.payments.operations import payment_for, perform, refuse, told_to_provider
from bookings.payments.placing import place_deposit
from bookings.payments.provider import Capability, ProviderError
from bookings.payments.registry import MANUAL, provider_of
from bookings.payments.settle import settle

log = logging.getLogger(__name__)

State, Status, Kind = Payment.State, Booking.Status, PaymentOperation.Kind
Paid = Booking.PaymentStatus
HELD = [Booking.DepositStatus.HELD, Booking.DepositStatus.CAPTURED]
LEFT_ALONE = timedelta(minutes=1)  # whoever began something may still be at it
GIVEN_UP = timedelta(minutes=30)  # a start that never got an answer
TASK_AFTER = timedelta(hours=1)  # without an outcome: people look
REFUND_LATE = timedelta(days=3)
OVER_FOR = timedelta(days=7)  # after its last change a cancelled booking is looked at
WARN_BEFORE = timedelta(hours=48)  # the end of a hold whose car is out
A_RUN = 200


def reconcile(at: datetime) -> Counter[str]:
    """Do all of it once; how many of what. Safe to run twice and at once."""
    done = Counter(events=webhooks.handle_waiting(at=at))
    for name, rows, step in (
        ("operations", _open_operations(at), _finish_operation),
        ("sessions", _open_payments(at), _look_at),
        ("refunds", _unsent_refunds(at), lambda pk, at: refunds.send_refund(pk, at=at)),
        ("bookings", _unsettled(at), lambda pk, at: settle(pk, at=at)),
        ("endings", _needless(at), lambda pk, at: deposits.release(pk, at=at)),
        ("deposits_due", _due_deposits(at), place_deposit),
        ("deposits_renewed", _dishonoured(at), lambda pk, at: deposits.hold_longer(pk, at=at)),
        ("deposits_over", _clean_returns(at), lambda pk, at: deposits.release(pk, at=at)),
        ("deposits_ending", _ending(at), _warn),
        ("refunds_late", _late_refunds(at), _late),
    ):
        done[name] += _each(rows, step, at)
    return +done


def _each(rows: Iterable[Any], step: Callable[[Any, datetime], Any], at: datetime) -> int:
    count = 0
    for row in rows:
        try:
            step(row, at)
            count += 1
        except (ProviderError, Invalid) as error:
            log.info("Reconciling waits: %s %s", type(error).__name__, getattr(error, "code", ""))
        except LookupError as error:
            log.warning("Reconciling: no such provider: %s", error)
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
        if operation.created_at <= at - GIVEN_UP:
            refuse(operation, "abandoned", at=at)
        return
    if operation.kind == Kind.COMPLETE:
        if payment.state not in Payment.OPEN:
            finish(operation, PaymentOperation.Outcome.DONE, at=at)
        return  # open pages are looked at anyway
    if operation.created_at <= at - TASK_AFTER:
        _raise(payment.pk, Payment.Problem.UNKNOWN)
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
    rows = rows.exclude(provider=MANUAL).exclude(
        next_url="", state__in=[State.CREATED, State.ACTION_REQUIRED]
    )
    return list(rows.order_by("updated_at").values_list("pk", flat=True)[:A_RUN])


def _look_at(pk: UUID, at: datetime) -> None:
    webhooks.look(payment_for(pk), at=at)
    Payment.objects.filter(pk=pk, state__in=Payment.OPEN).update(updated_at=at)  # the others have their turn


# --- What follows from the facts --------------------------------------------------------------------------------


def _unsettled(at: datetime) -> list[UUID]:
    """Paid and not confirmed; over and not given back (a fee stays paid for good); more or less paid than it says."""
    confirmed = Q(status=Status.PENDING, paid__gte=F("total"), paid__gt=0)
    over = Q(status=Status.CANCELLED, updated_at__gte=at - OVER_FOR) & (Q(paid__gt=0) | Q(refunded__gt=0))
    excess = Q(status__in=[Status.PENDING, Status.UPCOMING, Status.ACTIVE], paid__gt=F("total"))
    dearer = Q(payment_status=Paid.PAID, paid__lt=F("total"))
    cheaper = Q(payment_status=Paid.UNPAID, paid__gte=F("total"), paid__gt=0)
    rows = Booking.objects.filter(confirmed | over | excess | dearer | cheaper)
    return list(rows.order_by("-updated_at").values_list("pk", flat=True)[:A_RUN])


def _needless(at: datetime) -> list[UUID]:
    """Pages and holds of bookings that are over."""
    rows = Payment.objects.filter(
        booking__status__in=[Status.CANCELLED, Status.REFUNDED],
        state__in=[*Payment.OPEN, State.SCHEDULED, State.AUTHORIZED],
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
        _raise(pk, Payment.Problem.OVERDUE)


# --- Deposits ---------------------------------------------------------------------------------------------------


def _due_deposits(at: datetime) -> list[UUID]:
    """Not where there is one meanwhile: in cash, or because the customer came by."""
    out = [Status.UPCOMING, Status.ACTIVE]
    rows = Payment.objects.filter(state=State.SCHEDULED, due_at__lte=at, booking__status__in=out)
    rows = rows.exclude(booking__deposit_status__in=HELD)
    return list(rows.order_by("due_at").values_list("pk", flat=True)[:A_RUN])


def hold_at_once(booking_id: UUID, *, at: datetime) -> None:
    """A deposit that is due when the rental is paid: held while the customer is still there, where no page is needed."""
    mine = set(Payment.objects.filter(booking_id=booking_id).values_list("pk", flat=True))
    _each(mine & set(_due_deposits(at)), place_deposit, at)


def _dishonoured(at: datetime) -> list[UUID]:
    """Guaranteed no longer while the car is out, and not at their end."""
    rows = Payment.objects.filter(
        state=State.AUTHORIZED,
        purpose=Payment.Purpose.DEPOSIT,
        honor_until__lte=at,
        expires_at__gt=at,
        booking__status=Status.ACTIVE,
    )
    return [
        row.pk
        for row in rows[:A_RUN]
        if row.provider != MANUAL and Capability.REAUTHORIZE in provider_of(row.provider).capabilities
    ]


def _clean_returns(at: datetime) -> list[UUID]:
    rows = Payment.objects.filter(
        state=State.AUTHORIZED,
        purpose=Payment.Purpose.DEPOSIT,
        booking__status=Status.COMPLETED,
        booking__return_damage=False,
        booking__returned_at__lte=at - settings.DEPOSIT_RELEASE_AFTER,
    ).exclude(provider=MANUAL)
    return list(rows.values_list("pk", flat=True)[:A_RUN])


def _ending(at: datetime) -> list[UUID]:
    """Those that nobody was told of, and those that are over."""
    rows = Payment.objects.filter(state=State.AUTHORIZED, expires_at__lte=at + WARN_BEFORE)
    rows = rows.filter(booking__status__in=[Status.UPCOMING, Status.ACTIVE, Status.COMPLETED])
    rows = rows.filter(Q(expires_at__lte=at) | ~Q(problem=Payment.Problem.DEPOSIT_ENDS))
    return list(rows.exclude(provider=MANUAL).values_list("pk", flat=True)[:A_RUN])


def _warn(pk: UUID, at: datetime) -> None:
    payment = payment_for(pk)
    if payment.expires_at and payment.expires_at <= at:
        snapshot = provider_of(payment.provider).fetch(told_to_provider(payment))
        fold(pk, snapshot, at=at)
    _raise(pk, Payment.Problem.DEPOSIT_ENDS)


def _raise(pk: UUID, problem: str) -> None:
    with transaction.atomic():
        raise_problem(lock_payment(pk), problem)
