"""What to offer staff in place of days that cannot be had."""

from bookings.availability import alternatives
from bookings.availability.alternatives import Alternative
from bookings.availability.as_of import AsOf
from bookings.days import Days
from bookings.errors import BookingError, DaysRefused
from cars.models import Car

FAR = 1500  # days from now; beyond them a date is a slip, and nothing near it can be offered
LONG = 366


def instead(car: Car, days: Days, *, as_of: AsOf) -> list[Alternative]:
    """Free days of the same length near these, and sister cars."""
    if len(days) > LONG or abs((days.start - as_of.at.date()).days) > FAR:
        return []
    return alternatives.alternatives(car, days, as_of=as_of)


def instead_of(refusal: BookingError, *, as_of: AsOf) -> list[Alternative]:
    """The same for the car and days that were refused; nothing for a refusal that is about something else."""
    if not (isinstance(refusal, DaysRefused) and refusal.asked):
        return []
    return instead(*refusal.asked, as_of=as_of)
