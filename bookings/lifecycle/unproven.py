"""Bookings whose mailbox nobody has proven: they end by themselves, or all of one source at once."""

from datetime import datetime

from django.db.models import Q, QuerySet

from bookings.errors import StatusChanged
from bookings.lifecycle.transitions import transition
from bookings.links.proof import lapse
from bookings.models import Booking

Status = Booking.Status
NOT_PROVEN = "not_proven"


def cancel_unproven(at: datetime) -> int:
    """Cancel pending bookings whose mailbox was not proven in time; how many. Safe to run twice and at once."""
    nothing_paid = [Booking.PaymentStatus.UNPAID, Booking.PaymentStatus.FAILED]
    late = _unproven().filter(payment_status__in=nothing_paid, paid=0, proof__due_at__lte=at)
    return sum(_cancel(booking, at, NOT_PROVEN) for booking in late.order_by("created_at", "pk"))


def unproven_like(booking: Booking) -> QuerySet[Booking]:
    """Unproven bookings of the same visitor, network or mailbox: what one person may have made for nothing."""
    proof = booking.proof
    same = Q(pk=booking.pk) | Q(mailbox=booking.mailbox)
    for column in ("visitor", "network"):
        if value := getattr(proof, column):
            same |= Q(**{f"proof__{column}": value})
    return _unproven().filter(same)


def cancel_unproven_like(*, booking: Booking, at: datetime, reason: str = "") -> int:
    """Cancel all of them, as staff; how many."""
    return sum(_cancel(other, at, reason) for other in unproven_like(booking).order_by("created_at", "pk"))


def _unproven() -> QuerySet[Booking]:
    waiting = Booking.objects.filter(status=Status.PENDING, proof__proven_at=None, proof__isnull=False)
    return waiting.select_related("car__location")


def _cancel(booking: Booking, at: datetime, reason: str) -> bool:
    """Nothing when it was proven or moved a moment ago."""
    if reason == NOT_PROVEN and not lapse(booking):
        return False
    try:
        transition(booking=booking, to=Status.CANCELLED, at=at, from_=Status.PENDING, reason=reason)
    except StatusChanged:
        return False
    return True
