"""Wake the worker for what money has to do. What it misses, the reconciler finds in the database."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from bookings import tasks
from bookings.models import Booking, Payment, Refund
from bookings.signals import (
    booking_changed,
    booking_status_changed,
    event_waits,
    payment_ends,
    refund_waits,
    sandbox_says,
)
from exodrive.ops.jobs import publish


def _later(task: Any, *args: str, wait: int = 0) -> None:
    call: Callable[[], Any] = lambda: publish(task, *args, wait=wait)  # noqa: E731
    transaction.on_commit(call, robust=True)


@receiver(booking_status_changed, dispatch_uid="bookings.settle_moved")
def settle_moved(sender: type[Booking], booking: Booking, previous: str, **kwargs: Any) -> None:
    """Cancelled: what was paid or held goes back. Not cancelled after all: what is due is looked at anew."""
    if Booking.Status.CANCELLED in (booking.status, previous):
        _later(tasks.settle_booking, str(booking.pk))


@receiver(booking_changed, dispatch_uid="bookings.settle_changed")
def settle_changed(sender: type[Booking], booking: Booking, **kwargs: Any) -> None:
    """It may cost less now than was paid."""
    if booking.paid:
        _later(tasks.settle_booking, str(booking.pk))


@receiver(refund_waits, dispatch_uid="bookings.send_refund")
def send_refund(sender: type[Refund], refund: Refund, **kwargs: Any) -> None:
    """Ask the provider."""
    _later(tasks.send_refund, str(refund.pk))


@receiver(payment_ends, dispatch_uid="bookings.end_payment")
def end_payment(sender: type[Payment], payment: Payment, **kwargs: Any) -> None:
    """Release a hold, or close a page."""
    _later(tasks.end_payment, str(payment.pk))


@receiver(event_waits, dispatch_uid="bookings.handle_events")
def handle_events(sender: Any, **kwargs: Any) -> None:
    """Look what is true now."""
    _later(tasks.handle_events)


@receiver(sandbox_says, dispatch_uid="bookings.post_sandbox_event")
def post_sandbox_event(sender: Any, body: str, wait: int, **kwargs: Any) -> None:
    """Tell ourselves, as a provider would."""
    _later(tasks.post_sandbox_event, body, wait=wait)
