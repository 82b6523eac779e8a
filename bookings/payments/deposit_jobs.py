"""Deposits whose time has come: held near the pick-up, renewed while the car is out, released after a clean return."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from bookings.errors import Invalid
from bookings.models import Booking, Payment, PaymentOperation
from bookings.payments import checkout, deposits
from bookings.payments.ledger import fold, lock_payment
from bookings.payments.operations import payment_for, told_to_provider
from bookings.payments.problems import raise_problem, remind
from bookings.payments.provider import (
    Capability,
    Declined,
    InvalidState,
    NeedsCustomerAction,
    ProviderError,
)
from bookings.payments.registry import MANUAL, provider_of
from bookings.signals import deposit_due

State, Status = Payment.State, Booking.Status
WARN_BEFORE = timedelta(hours=48)  # the end of a hold whose car is out
TRIED_AGAIN = timedelta(hours=12)  # after a renewal that was refused: PayPal takes the first one a day late
A_RUN = 200
HELD = (Booking.DepositStatus.HELD, Booking.DepositStatus.CAPTURED)


def due(at: datetime) -> list[UUID]:
    """Planned holds whose time has come; not where there is one meanwhile, in cash or because the customer came by."""
    out = [Status.UPCOMING, Status.ACTIVE]
    rows = Payment.objects.filter(state=State.SCHEDULED, due_at__lte=at, booking__status__in=out)
    rows = rows.exclude(booking__deposit_status__in=HELD)
    return list(rows.order_by("due_at").values_list("pk", flat=True)[:A_RUN])


def hold_at_once(booking_id: UUID, *, at: datetime) -> None:
    """A deposit that is due when the rental is paid: held while the customer is still there, where no page is needed."""
    mine = set(Payment.objects.filter(booking_id=booking_id).values_list("pk", flat=True))
    for pk in mine & set(due(at)):
        with suppress(ProviderError, Invalid):
            place(pk, at)


def place(pk: UUID, at: datetime) -> None:
    """Hold it on the method that paid the rental where the provider can; else mail the customer where to do it. Where it
    was refused people look, too."""
    payment, refused = payment_for(pk), False
    paid = payment.booking.payments.filter(provider=payment.provider, captured__gt=0).last()
    stored = provider_of(payment.provider).stored if paid else frozenset()
    if paid and stored and stored <= paid.refs.keys():
        Payment.objects.filter(pk=pk).update(refs={name: paid.refs[name] for name in stored} | payment.refs)
        try:
            payment = checkout.hold_off_session(payment_for(pk), at=at)
        except NeedsCustomerAction:
            pass
        except (Declined, InvalidState):
            refused = True
        else:
            if payment.state not in (State.CREATED, State.ACTION_REQUIRED):
                return  # held, or being looked at
    _ask_customer(pk, refused=refused)


def _ask_customer(pk: UUID, *, refused: bool) -> None:
    with transaction.atomic():
        payment = lock_payment(pk)
        if payment.due_at is None or payment.held:
            return  # somebody was faster
        payment.due_at = None
        payment.save(update_fields=["due_at"])
        deposit_due.send(Payment, payment=payment)
        if refused:
            raise_problem(payment, Payment.Problem.DEPOSIT_FAILED)


def dishonoured(at: datetime) -> list[UUID]:
    """Guaranteed no longer while the car is out, and not at their end; a refusal is tried again later."""
    kind, refused = PaymentOperation.Kind.REAUTHORIZE, PaymentOperation.Outcome.REFUSED
    lately = PaymentOperation.objects.filter(kind=kind, outcome=refused, finished_at__gt=at - TRIED_AGAIN)
    rows = Payment.objects.filter(
        state=State.AUTHORIZED,
        purpose=Payment.Purpose.DEPOSIT,
        honor_until__lte=at,
        expires_at__gt=at,
        booking__status=Status.ACTIVE,
    )
    rows = rows.exclude(provider=MANUAL).exclude(pk__in=lately.values("payment_id"))
    return [
        row.pk for row in rows[:A_RUN] if Capability.REAUTHORIZE in provider_of(row.provider).capabilities
    ]


def renew(pk: UUID, at: datetime) -> None:
    """Hold it for longer. Raises ProviderError; people hear of a hold that is guaranteed no longer."""
    try:
        deposits.hold_longer(pk, at=at)
    except (InvalidState, Declined):
        with transaction.atomic():
            remind(lock_payment(pk), Payment.Problem.DEPOSIT_ENDS, at)
        raise


def clean_returns(at: datetime) -> list[UUID]:
    """Held although the car came back without damage long enough ago."""
    rows = Payment.objects.filter(
        state=State.AUTHORIZED,
        purpose=Payment.Purpose.DEPOSIT,
        booking__status=Status.COMPLETED,
        booking__return_damage=False,
        booking__returned_at__lte=at - settings.DEPOSIT_RELEASE_AFTER,
        # A return may be written down days later: people have the whole time to look at the car.
        booking__status_changed_at__lte=at - settings.DEPOSIT_RELEASE_AFTER,
    ).exclude(provider=MANUAL)
    return list(rows.values_list("pk", flat=True)[:A_RUN])


def ending(at: datetime) -> list[UUID]:
    """Holds that end soon and of which nobody was told, and those that are over."""
    rows = Payment.objects.filter(state=State.AUTHORIZED, expires_at__lte=at + WARN_BEFORE)
    rows = rows.filter(booking__status__in=[Status.UPCOMING, Status.ACTIVE, Status.COMPLETED])
    rows = rows.filter(Q(expires_at__lte=at) | ~Q(problem=Payment.Problem.DEPOSIT_ENDS))
    return list(rows.exclude(provider=MANUAL).values_list("pk", flat=True)[:A_RUN])


def warn(pk: UUID, at: datetime) -> None:
    """Tell people; a hold that has ended is looked at once more."""
    payment = payment_for(pk)
    if payment.expires_at and payment.expires_at <= at:
        snapshot = provider_of(payment.provider).fetch(told_to_provider(payment))
        fold(pk, snapshot, at=at)
    with transaction.atomic():
        remind(lock_payment(pk), Payment.Problem.DEPOSIT_ENDS, at)
