"""Days that change hands: from a hold to its booking, from pending to booked, or back to everybody."""

from collections.abc import Callable
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from bookings.availability.cache import invalidate
from bookings.availability.ledger import OWNERS, Claimant
from bookings.days import Days
from bookings.errors import DatesTaken, HoldExpired
from bookings.models import Booking, CarAvailability, Hold


def take_over_later(hold: Hold, booking: Booking) -> Callable[[], None]:
    """Turn a live hold's days into the booking's without a gap.

    What is returned raises HoldExpired, and is to be called after `together`.
    """
    invalidate(hold.car_id)
    cursor = connection.cursor()
    cursor.execute(
        "UPDATE car_availability SET booking_id = %s, hold_id = NULL, expires_at = NULL,"
        " status = CASE status WHEN 'held' THEN 'pending' ELSE status END"
        " WHERE hold_id = %s AND expires_at > now()",
        [booking.pk, hold.pk],
    )

    def refuse_unless_live() -> None:
        with cursor:
            if cursor.rowcount != len(hold.days) + hold.buffer_days:
                raise HoldExpired

    return refuse_unless_live


def confirm(booking: Booking) -> None:
    """The booking is no longer pending: its days are booked. Raises DatesTaken for one that has not all of them."""
    days = booking.ledger.filter(
        status="pending", car=booking.car_id, date__range=(booking.start_date, booking.end_date)
    )
    if days.update(status="booked") != len(booking.days):
        raise DatesTaken(_("This booking does not have its days: somebody else may have the car."))


def release(claimant: Claimant) -> None:
    """Give all days of a claimant back, of a booking on every car that it had."""
    former = claimant.former_segments if isinstance(claimant, Booking) else []
    for car_id in {claimant.car_id, *(segment.car_id for segment in former)}:
        invalidate(car_id)
    CarAvailability.objects.filter(**{OWNERS[type(claimant)]: claimant.pk}).delete()


def release_car(booking: Booking, first: date) -> None:
    """Give back its days from `first` on, all of them on its present car, and the buffer."""
    invalidate(booking.car_id)
    booking.ledger.filter(car=booking.car_id, date__gte=first).delete()


def give_early_back(booking: Booking) -> None:
    """Free the days before those booked, which a car that left early had."""
    invalidate(booking.car_id)
    booking.ledger.filter(date__lt=booking.start_date).delete()


def shorten(booking: Booking, last: date) -> None:
    """Early return: free the days after `last` and move the buffer up to them."""
    invalidate(booking.car_id)
    after = Days.starting(last, booking.buffer_days + 1).end
    booking.ledger.filter(date__gt=after).delete()
    booking.ledger.filter(date__gt=last, date__lte=after).update(status="buffer")
