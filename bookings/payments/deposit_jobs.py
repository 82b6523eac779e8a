"""Deposits whose time has come: held near the pick-up, renewed while the car is out, released after a clean return."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from bookings.errors import Invalid
from bookings.models import Booking, Payment
from bookings.payments import checkout
from bookings.payments.ledger import fold, lock_payment, remind
from bookings.payments.operations import payment_for, told_to_provider
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
A_RUN = 200


def due(at: datetime) -> list[UUID]:
    """Planned holds whose time has come."""
    rows = Payment.objects.filter(
        state=State.SCHEDULED, due_at__lte=at, booking__status__in=[Status.UPCOMING, Status.ACTIVE]
    )
    return list(rows.order_by("due_at").values_list("pk", flat=True)[:A_RUN])


def hold_at_once(booking_id: UUID, *, at: datetime) -> None:
    """A deposit that is due when the rental is paid: held while the customer is still there, where no page is needed."""
    rows = Payment.objects.filter(booking_id=booking_id, state=State.SCHEDULED, due_at__lte=at)
    for pk in rows.values_list("pk", flat=True):
        with suppress(ProviderError, Invalid):
            place(pk, at)


def place(pk: UUID, at: datetime) -> None:
    """Hold it on the method that paid the rental where the provider can; else mail the customer where to do it."""
    payment = payment_for(pk)
    paid = payment.booking.payments.filter(provider=payment.provider, captured__gt=0).last()
    stored = provider_of(payment.provider).stored if paid else frozenset()
    if paid and stored and stored <= paid.refs.keys():
        Payment.objects.filter(pk=pk).update(refs={name: paid.refs[name] for name in stored} | payment.refs)
        try:
            checkout.hold_off_session(payment_for(pk), at=at)
            return
        except (Declined, NeedsCustomerAction, InvalidState):
            pass
    with transaction.atomic():
        payment = lock_payment(pk)
        if payment.state in (State.SCHEDULED, State.FAILED):
            payment.due_at = None
            payment.save(update_fields=["due_at"])
            deposit_due.send(Payment, payment=payment)


def dishonoured(at: datetime) -> list[UUID]:
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


def clean_returns(at: datetime) -> list[UUID]:
    """Held although the car came back without damage long enough ago."""
    rows = Payment.objects.filter(
        state=State.AUTHORIZED,
        purpose=Payment.Purpose.DEPOSIT,
        booking__status=Status.COMPLETED,
        booking__return_damage=False,
        booking__returned_at__lte=at - settings.DEPOSIT_RELEASE_AFTER,
    ).exclude(provider=MANUAL)
    return list(rows.values_list("pk", flat=True)[:A_RUN])


def ending(at: datetime) -> list[UUID]:
    """Holds that end soon."""
    rows = Payment.objects.filter(state=State.AUTHORIZED, expires_at__lte=at + WARN_BEFORE)
    rows = rows.filter(booking__status__in=[Status.UPCOMING, Status.ACTIVE, Status.COMPLETED])
    return list(rows.exclude(problem=Payment.Problem.DEPOSIT_ENDS).values_list("pk", flat=True)[:A_RUN])


def warn(pk: UUID, at: datetime) -> None:
    """Tell people; a hold that has ended is looked at once more."""
    payment = payment_for(pk)
    if payment.expires_at and payment.expires_at <= at:
        snapshot = provider_of(payment.provider).fetch(told_to_provider(payment))
        fold(pk, snapshot, at=at)
    with transaction.atomic():
        remind(lock_payment(pk), Payment.Problem.DEPOSIT_ENDS, at)
