"""What the calendar and the clock do to bookings: rentals begin, and what nobody confirmed or paid is cancelled."""

from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from bookings.errors import StatusChanged
from bookings.lifecycle.locked import lock_booking
from bookings.lifecycle.transitions import ACTIVE, CANCELLED, PENDING, UPCOMING, move_locked, transition
from bookings.models import PLACES, Booking
from exodrive.db.retry import retry_on_deadlock
from exodrive.rls import with_reason


def advance_due(at: datetime) -> Counter[str]:
    """Move what the calendar moves, by each pick-up location's own date; how many by new status.

    Upcoming becomes active on its pick-up day; pending is cancelled (`never_confirmed`) after it; a ride does both when it
    begins. Each booking in its
    own transaction; safe to run twice and at once: whoever comes second finds another status and goes on.
    """
    moved: Counter[str] = Counter()
    tomorrow_somewhere = at.date() + timedelta(days=1)
    due = (
        Booking.objects.filter(status__in=[PENDING, UPCOMING], start_date__lte=tomorrow_somewhere)
        .select_related("car__location", "ride")
        .prefetch_related(PLACES)
    )
    for booking in due.order_by("start_date", "id"):
        has_begun, is_past = _begun(booking, at)
        try:
            if booking.status == UPCOMING and has_begun:
                transition(booking=booking, to=ACTIVE, at=at, from_=UPCOMING)
                moved[ACTIVE] += 1
            elif booking.status == PENDING and is_past:
                transition(booking=booking, to=CANCELLED, at=at, from_=PENDING, reason="never_confirmed")
                moved[CANCELLED] += 1
        except StatusChanged:
            continue
    return moved


def _begun(booking: Booking, at: datetime) -> tuple[bool, bool]:
    """Whether it has begun, and whether it is too late to confirm it."""
    if booking.is_ride:
        return (booking.ride.starts_at <= at,) * 2
    today = booking.pick_up.today(at)
    return booking.start_date <= today, booking.start_date < today


def expire_unpaid(at: datetime) -> int:
    """Cancel pending bookings that are paid online and were not paid within their payment window; how many.

    Safe to run twice and at once, like `advance_due`. What was paid a moment ago is seen under the lock.
    """
    late = Booking.objects.filter(_is_unpaid(at)).select_related("car__location")
    return sum(_expire(booking, at) for booking in late.order_by("pay_until", "pk"))


def _is_unpaid(at: datetime) -> Q:
    not_paid = [Booking.PaymentStatus.UNPAID, Booking.PaymentStatus.FAILED]
    return Q(status=PENDING, payment_status__in=not_paid, paid=0, pay_until__lte=at)


@retry_on_deadlock()
def _expire(booking: Booking, at: datetime) -> bool:
    with transaction.atomic(durable=True), with_reason("unpaid"):
        try:
            locked = lock_booking(booking, with_extras=True)
        except StatusChanged:
            return False
        if not Booking.objects.filter(_is_unpaid(at), pk=locked.pk).exists():
            return False
        move_locked(locked, CANCELLED, at)
    return True
