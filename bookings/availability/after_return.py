"""A booking's days once it is known when it really ended: they follow the return, or the day on which nobody came."""

from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max

from bookings.availability.cache import invalidate
from bookings.availability.changing_hands import shorten
from bookings.availability.ledger import CLAIM, TOO_SOON, taken_reasons
from bookings.availability.rules import Reason
from bookings.days import Days
from bookings.errors import DatesTaken
from bookings.models import Booking, CarAvailability

BOOKED = CarAvailability.Status.BOOKED


def keep_until(booking: Booking, last: date) -> None:
    """Free the days after `last`, and the buffer: the car never left."""
    invalidate(booking.car_id)
    booking.ledger.filter(date__gt=last).delete()


def follow_return(booking: Booking, last: date) -> None:
    """Let the booking's days end with `last`, its buffer after it.

    Days that it had given back are taken again. Raises DatesTaken when somebody has them by now; then nothing may be
    kept. Must run in a transaction that the caller lets fail, after `lock_cars`.
    """
    has = booking.ledger.filter(status=BOOKED).aggregate(last=Max("date"))["last"]
    if last <= has:
        shorten(booking, last)
        return
    invalidate(booking.car_id)
    booking.ledger.filter(status=CarAvailability.Status.BUFFER).delete()
    more = Days(has + timedelta(days=1), last)
    if not _taken_again(booking, more):
        raise _refusal(booking, more)


def _taken_again(booking: Booking, more: Days) -> bool:
    values: dict[str, Any] = {
        "car": booking.car_id,
        "start": more.start,
        "core": len(more),
        "all": len(more) + booking.buffer_days,
        "status": BOOKED,
        "booking": booking.pk,
        "hold": None,
        "block": None,
        "expires_at": None,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, values)
        return bool(cursor.rowcount == len(more) + booking.buffer_days)


def _refusal(booking: Booking, more: Days) -> DatesTaken:
    """Who has them, without the rows that the failed claim has just written itself."""
    claimed = more.with_buffer(booking.buffer_days)
    rows = CarAvailability.objects.filter(car=booking.car_id, date__range=(claimed.start, claimed.end))
    others = set(rows.exclude(booking=booking.pk, booking__isnull=False).values_list("date", flat=True))
    found = taken_reasons(booking.car, more, others) or [Reason("buffer", str(TOO_SOON))]
    return DatesTaken(reasons=found).about(booking.car, more)
