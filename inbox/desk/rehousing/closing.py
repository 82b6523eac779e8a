"""Who comes to a place on a day on which it closes early, or does not open."""

from dataclasses import dataclass
from datetime import date, time

from django.db.models import Q

from bookings.lifecycle.rehousing.sisters import LIVE
from bookings.models import PLACES, Booking, BookingLocation
from cars.models import Location

TO_COME = (Booking.Status.PENDING, Booking.Status.UPCOMING)
PICK_UP, DROP_OFF = BookingLocation.Kind.PICK_UP, BookingLocation.Kind.DROP_OFF


@dataclass(frozen=True, slots=True)
class Coming:
    """A pick-up or a return, and when and where it is."""

    booking: Booking
    kind: str
    clock: time
    place: Location

    @property
    def label(self) -> str:
        """Of the kind."""
        return str(BookingLocation.Kind(self.kind).label)


def coming(day: date, place: Location | None = None, closes: time | None = None) -> list[Coming]:
    """Pick-ups and returns of the day, at the place or at any, from the hour on or all, in order. Two queries."""
    picks_up = Q(status__in=TO_COME, start_date=day)
    returns = Q(status__in=LIVE, end_date=day)
    rows = Booking.objects.filter(picks_up | returns).select_related("car").prefetch_related(PLACES)
    found = []
    for booking in rows:
        if booking.start_date == day and booking.status in TO_COME:
            found.append(Coming(booking, PICK_UP, booking.pickup_time, booking.pick_up))
        if booking.end_date == day:
            found.append(Coming(booking, DROP_OFF, booking.return_time, booking.drop_off))
    there = (one for one in found if place is None or one.place == place)
    late = (one for one in there if closes is None or one.clock >= closes)
    return sorted(late, key=lambda one: (one.clock, one.booking.reference))
