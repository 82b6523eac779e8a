"""What to offer staff in place of days that cannot be had."""

from bookings.availability import alternatives
from bookings.availability.alternatives import Alternative
from bookings.availability.as_of import AsOf
from bookings.days import Days
from cars.models import Car

FAR = 1500  # days from now; beyond them a date is a slip, and nothing near it can be offered
LONG = 366


def instead(car: Car, days: Days, *, as_of: AsOf) -> list[Alternative]:
    """Free days of the same length near these, and sister cars."""
    if len(days) > LONG or abs((days.start - as_of.at.date()).days) > FAR:
        return []
    return alternatives.alternatives(car, days, as_of=as_of)
