"""Bookings and payments to write about, and what the letters say then."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from bookings.lifecycle.transitions import cancel
from bookings.models import Booking, Payment
from bookings.payments.ledger import fold
from bookings.payments.provider import Snapshot, State
from bookings.tests.support.cashier import as_provider, now
from bookings.tests.support.factories import CarFactory, in_days, make_booking, prove
from exodrive.money import Money
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as
from inbox.mail.letters import compose
from inbox.mail.message import Letter
from inbox.models import InboxEmail


def booked(ahead: int = 30, **fields: Any) -> Booking:
    """1 000 for four days, 500 as a deposit; its mailbox is proven."""
    car = CarFactory(daily_rate="250.00", weekend_rate="250.00", deposit="500.00")
    return prove(make_booking(car=car, start=in_days(ahead), **fields))


def letter(
    booking: Booking, template: str, payment: Payment | None = None, *, at: datetime | None = None
) -> Letter:
    """As the worker would write it now."""
    with acting_as(SERVICE):
        fresh = Booking.objects.select_related("car__location").get(pk=booking.pk)
        email = InboxEmail(
            booking=fresh,
            payment=payment and now(payment),
            template=template,
            audience="customer",
            language="en",
        )
        return compose(email, ["someone@example.com"], at=at or timezone.now())


def said(*args: Any, **kwargs: Any) -> str:
    """Its text, on one line."""
    return " ".join(letter(*args, **kwargs).body.split())


def cancelled(booking: Booking, by: str = "customer") -> None:
    """By its customer or by staff."""
    as_them = acting_as(PUBLIC, token=booking.secret) if by == "customer" else acting_as(STAFF)
    with as_them:
        cancel(booking=Booking.objects.select_related("car__location").get(pk=booking.pk), at=timezone.now())


def told(state: State, *, authorized: str = "0", captured: str = "0", voided: str = "0") -> Snapshot:
    """A provider's word about a payment in euros."""
    sums = {"authorized": authorized, "captured": captured, "refunded": "0", "voided": voided}
    return Snapshot(state, **{name: Money(Decimal(amount), "EUR") for name, amount in sums.items()})


def taken_in(payment: Payment, snapshot: Snapshot) -> Payment:
    """The payment after it."""
    with as_provider():
        return fold(payment.pk, snapshot, at=timezone.now())
