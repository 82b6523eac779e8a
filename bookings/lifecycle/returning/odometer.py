"""What a car's odometer said last: a reading that does not follow from it is asked about once, never refused."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bookings.models import Booking

FARTHEST = 2000  # kilometres that nobody drives in a day


@dataclass(frozen=True, slots=True)
class Reading:
    """Kilometres, and when they were read."""

    km: int
    at: datetime


def last_reading(booking: Booking, before: datetime) -> Reading | None:
    """What the booking's car had last before that instant: at its own hand-over, or when others gave or returned it."""
    others = Booking.objects.filter(car=booking.car_id)
    back = others.exclude(pk=booking.pk).filter(returned_at__lte=before, return_odometer_km__isnull=False)
    out = others.filter(handed_over_at__lte=before, pickup_odometer_km__isnull=False)
    rows: list[Any] = [
        *back.order_by("-returned_at").values_list("return_odometer_km", "returned_at")[:1],
        *out.order_by("-handed_over_at").values_list("pickup_odometer_km", "handed_over_at")[:1],
    ]
    return max((Reading(*row) for row in rows), key=lambda reading: reading.at, default=None)


def is_doubtful(km: int, at: datetime, last: Reading | None) -> bool:
    """Whether a car that had `last` would hardly say so at that instant: less than then, or too far for the time."""
    if last is None:
        return False
    days = max((at - last.at) / timedelta(days=1), 1)
    return km < last.km or km - last.km > FARTHEST * days
