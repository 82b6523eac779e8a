"""What is written on a booking when its car comes back, and when nobody comes for it."""

from datetime import date, datetime, time

from django.utils.translation import gettext as _

from bookings.availability.cache import invalidate
from bookings.errors import Invalid
from bookings.lifecycle.checklist import Checklist
from bookings.models import Booking
from bookings.models.outcome import Outcome

AT_WISH = (
    "at_wish"  # in a booking's terms: what comes back of its price is as if its customer had cancelled it
)
FACTS = ("returned_at", "return_odometer_km", "return_fuel_eighths", "return_damage", "return_note")


def last_day(booking: Booking) -> date:
    """The last day that the booking needs its car: the one booked, or that of an earlier return."""
    if booking.returned_at is None:
        return booking.end_date
    return max(booking.car_since, min(booking.end_date, booking.drop_off.today(booking.returned_at)))


def write_down_return(booking: Booking, at: datetime, checklist: Checklist | None) -> list[str]:
    """Set what was found on a locked booking; the columns to save. Raises Invalid, naming the fields of the checklist."""
    invalidate(booking.car_id)
    booking.returned_at = at
    if checklist is None:
        return ["returned_at"]
    problems = checklist.problems | impossible_moment(booking, checklist.returned_at, at)
    if problems:
        raise Invalid(next(iter(problems.values()))[0], fields=problems)
    came_back = checklist.returned_at
    booking.returned_at = max(came_back, _given(booking)) if came_back else at
    booking.return_odometer_km = checklist.odometer
    booking.return_fuel_eighths = checklist.fuel
    booking.return_damage = checklist.damage
    booking.return_note = checklist.note
    return list(FACTS)


def impossible_moment(booking: Booking, returned_at: datetime | None, at: datetime) -> dict[str, list[str]]:
    """What is wrong with a return at that instant: a car comes back after it was given away, and not tomorrow."""
    if returned_at is None:
        return {}
    if returned_at > at:
        return {"returnedAt": [_("The car cannot have come back in the future.")]}
    # Staff say the minute of both.
    if returned_at < _given(booking).replace(second=0, microsecond=0):
        return {"returnedAt": [_("The car cannot have come back before it was handed over.")]}
    return {}


def _given(booking: Booking) -> datetime:
    return booking.handed_over_at or booking.pick_up.instant(booking.start_date, time())


def write_down_no_show(booking: Booking, at: datetime) -> list[str]:
    """Set that nobody came, on a locked booking: the terms say what comes back, as if it had been cancelled now."""
    today = booking.pick_up.today(at)
    booking.outcome = Outcome.Ended.NO_SHOW
    booking.kept_until = max(booking.start_date, min(booking.end_date, today))
    booking.terms = {**booking.terms, AT_WISH: True}
    return ["outcome", "kept_until", "terms"]
