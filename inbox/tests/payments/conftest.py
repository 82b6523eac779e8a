"""A site that takes payments with the sandbox, and bookings that are paid or have a deposit."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone, translation

from bookings.models import Booking, Payment
from bookings.payments import checkout
from bookings.payments.checkout import Back
from bookings.payments.sandbox import bank
from bookings.tests.support.factories import in_days, make_booking
from exodrive.rls import SERVICE, STAFF, acting_as, as_owner

BACK = Back("https://exodrive.test/back/%s", "https://exodrive.test/not/%s")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A request in another language leaves it active in its thread."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def paid_site(settings: Any) -> None:
    """The sandbox first, then the counter."""
    settings.PAYMENTS_SANDBOX = True
    settings.PAYMENT_METHODS = ["sandbox", "pick_up"]


def pay(booking: Booking, purpose: str = "rental") -> Payment:
    """The customer starts and agrees."""
    with acting_as(SERVICE, actor="provider"):
        payment = checkout.start(booking, method="sandbox", purpose=purpose, back=BACK, at=timezone.now())
    bank.approve(payment.pk)
    with acting_as(SERVICE, actor="provider"):
        return checkout.complete(payment.pk, at=timezone.now())


@pytest.fixture
def paid() -> tuple[Booking, Payment]:
    """A booking of €960 that is paid, and its payment."""
    booking = make_booking(start=in_days(30))
    payment = pay(booking)
    return booking, payment


@pytest.fixture
def held(paid: tuple[Booking, Payment]) -> tuple[Booking, Payment]:
    """The same with a deposit of €2,000 that is held, and the deposit."""
    booking, _payment = paid
    with as_owner():
        booking = Booking.objects.get(pk=booking.pk)
    return booking, pay(booking, "deposit")


Recorded = Callable[..., Payment]


@pytest.fixture
def recorded() -> Recorded:
    """`recorded(booking, purpose="deposit")`: all that is due of it, in cash."""
    from bookings.payments import manual

    def record(booking: Booking, purpose: str = "rental") -> Payment:
        amount = booking.deposit_money if purpose == "deposit" else booking.amount_due
        with acting_as(STAFF):
            return manual.record_payment(
                booking=booking, amount=amount, means="cash", purpose=purpose, at=timezone.now()
            )

    return record


def now(row: Any) -> Any:
    """As it is in the database."""
    with as_owner():
        return type(row).objects.get(pk=row.pk)


def proven() -> list[str]:
    """What does not add up."""
    from bookings.payments.audit import check_money

    with acting_as(SERVICE, actor="provider"):
        return check_money()
