"""The calendar's list: pick-ups and returns, day by day."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from bookings.days import Days
from bookings.models import PLACES, SEGMENTS, Booking, BookingSegment
from exodrive.db.folding import Folded

SHOWN = (
    Booking.Status.PENDING,
    Booking.Status.UPCOMING,
    Booking.Status.ACTIVE,
    Booking.Status.COMPLETED,
)


@dataclass
class Day:
    """One day with what happens on it, by the clock."""

    day: date
    pickups: list[Booking] = field(default_factory=list)
    returns: list[Booking] = field(default_factory=list)


def build(window: Days, *, car: str = "", status: str = "") -> list[Day]:
    """The days of `window` on which a car leaves or comes back. A constant number of queries."""
    inside = (window.start, window.end)
    found = Booking.objects.filter(
        Q(start_date__range=inside) | Q(end_date__range=inside),
        status__in=[status] if status else SHOWN,
    )
    if car:
        before = BookingSegment.objects.filter(car=int(car)).values("booking")
        found = found.filter(Q(car=int(car)) | Q(pk__in=before))
    days = {day: Day(day) for day in window}
    for booking in (
        found.order_by(Folded("full_name")).select_related("car__location").prefetch_related(PLACES, SEGMENTS)
    ):
        if booking.start_date in window:
            days[booking.start_date].pickups.append(booking)
        if booking.end_date in window:
            days[booking.end_date].returns.append(booking)
    for day in days.values():
        day.pickups.sort(key=lambda booking: booking.pickup_time)
        day.returns.sort(key=lambda booking: booking.return_time)
    return [day for day in days.values() if day.pickups or day.returns]
