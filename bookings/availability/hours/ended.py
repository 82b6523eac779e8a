"""What is given back: hours or seats of a ride that is called off, and the rest of one that ended early."""

from datetime import datetime, timedelta

from bookings.availability.departures.seats import release_seats
from bookings.availability.hours.spans import move_spans, release_spans
from bookings.models import Booking, Ride

Status = Booking.Status
MINUTE = timedelta(minutes=1)


def move_hours(booking: Booking, at: datetime) -> None:
    """What the ledger has of a ride after a move of its status: nothing when it is called off, no more than it took once
    it is over. Of seats, the hours are the departure's. The booking and its car are locked.
    """
    departure = booking.ride.departure_id
    if booking.status == Status.CANCELLED and departure:
        release_seats(booking, departure)
    elif booking.status == Status.CANCELLED:
        release_spans(booking)
    elif booking.status == Status.COMPLETED and not departure:
        _end(booking, at)


def _end(booking: Booking, at: datetime) -> None:
    ride: Ride = booking.ride
    now = at.replace(second=0, microsecond=0) + MINUTE  # the minute that has begun was driven
    if not ride.starts_at < now < ride.ends_at:
        return
    ride.ends_at = now
    ride.save(update_fields=["ends_at"])
    move_spans(booking)
