"""Cars that should be back and are not: who has them, and which bookings wait for them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q

from bookings.days import ONE_DAY
from bookings.models import PLACES, Booking
from bookings.models.paid import OVER

AT_RISK_FOR = timedelta(days=7)  # who comes later will have the car back, or hear of it in time
WAITING = (Booking.Status.PENDING, Booking.Status.UPCOMING, Booking.Status.ACTIVE)
OUT = Q(handed_over_at__isnull=False, returned_at=None)
# Called off although the customer had the car, and not taken back since.
OUT_THOUGH_OVER = OUT & Q(status__in=OVER)


@dataclass(frozen=True)
class AtRisk:
    """A booking that begins soon, and the one that still has its car."""

    booking: Booking
    late: Booking


def late_by_car(at: datetime, cars: Collection[int] | None = None) -> dict[int, Booking]:
    """The overdue booking of each car (of these, or of all). One query, over the cars that are out."""
    out = Booking.objects.filter(OUT, **({} if cars is None else {"car__in": cars}))
    # No place is two days ahead: the rest is judged by each place's own clock.
    out = out.filter(Q(status__in=OVER) | Q(end_date__lt=at.date() + timedelta(days=1)))
    found = out.select_related("car__location").prefetch_related(PLACES)
    return {booking.car_id: booking for booking in found if booking.is_overdue(at)}


def at_risk(at: datetime) -> list[AtRisk]:
    """The bookings of overdue cars that begin within a week, the first one first. Two queries beside their places."""
    late = late_by_car(at)
    if not late:
        return []
    utc = at.astimezone(UTC).date()
    waiting = Booking.objects.filter(
        car__in=late, status__in=WAITING, handed_over_at=None, end_date__gte=utc - ONE_DAY
    ).filter(start_date__lte=utc + AT_RISK_FOR + ONE_DAY)
    rows = waiting.select_related("car__location").prefetch_related(PLACES)
    found = [row for row in rows.order_by("start_date", "pickup_time", "pk") if _is_near(row, at)]
    return [AtRisk(row, late[row.car_id]) for row in found]


def _is_near(booking: Booking, at: datetime) -> bool:
    """By its places' own dates: not over, and about to begin."""
    begins = booking.start_date <= booking.pick_up.today(at) + AT_RISK_FOR
    return begins and booking.drop_off.today(at) <= booking.end_date
