"""Payments made through the sandbox by the real verbs. The sandbox has to be on, as it is in tests."""

from datetime import datetime
from typing import Any

from django.test import override_settings
from django.utils import timezone

from bookings.models import Booking, Payment
from bookings.payments import checkout
from bookings.payments.sandbox import bank
from bookings.payments.totals import write_totals
from exodrive.rls import SERVICE, acting_as, as_owner

BACK = checkout.Back("https://exodrive.test/back/%s", "https://exodrive.test/not/%s")
OFFERED: Any = override_settings(PAYMENTS_SANDBOX=True, PAYMENT_METHODS=["sandbox", "pick_up"])


def begin(booking: Booking, purpose: str = "rental", at: datetime | None = None) -> Payment:
    """A payment whose page is open."""
    with acting_as(SERVICE, actor="customer"), OFFERED:
        return checkout.start(booking, method="sandbox", purpose=purpose, back=BACK, at=at or timezone.now())


def agree(payment: Payment) -> Payment:
    """Its customer agrees on the page, and comes back."""
    bank.approve(payment.pk)
    with acting_as(SERVICE, actor="customer"), OFFERED:
        return checkout.complete(payment.pk, at=timezone.now())


def pay(booking: Booking) -> Payment:
    """All of the rental."""
    return agree(begin(booking))


def plan_deposit(booking: Booking) -> Payment:
    """The hold that is written down once the rental is paid, without that."""
    with as_owner():
        payment = Payment.objects.create(
            booking=booking,
            purpose=Payment.Purpose.DEPOSIT,
            kind=Payment.Kind.HOLD,
            provider="sandbox",
            state=Payment.State.SCHEDULED,
            amount=booking.deposit,
            currency=booking.currency,
        )
        write_totals(Booking.objects.get(pk=booking.pk))
    return payment


def hold_deposit(booking: Booking) -> Payment:
    """The deposit, held."""
    plan_deposit(booking)
    return agree(begin(booking, "deposit"))


def again(row: Any) -> Any:
    """A row as it is in the database now."""
    with as_owner():
        return type(row).objects.get(pk=row.pk)
