"""What to offer staff in place of days that cannot be had."""

from datetime import datetime
from typing import Any

from bookings.availability import alternatives
from bookings.availability.alternatives import Alternative
from bookings.days import Days
from cars.models import Car

FAR = 1500  # days from now; beyond them a date is a slip, and nothing near it can be offered
LONG = 366


def instead(car: Car, days: Days, *, at: datetime, ignoring: Any = None) -> list[Alternative]:
    """Free days of the same length near these, and sister cars; the days of the booking `ignoring` count as free."""
    if len(days) > LONG or abs((days.start - at.date()).days) > FAR:
        return []
    return alternatives.alternatives(car, days, at=at, ignoring=ignoring)
