"""Cars that are still out after their last day. The ledger has no such days, the screen shows them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q

from bookings.models import PLACES, Booking
from bookings.models.paid import OVER
from cars.models import Car
from inbox.desk.schedule.overdue import OUT_THOUGH_OVER
from inbox.desk.schedule.stretches import Stretch

A_DAY = timedelta(days=1)


def still_out(cars: Iterable[Car], at: datetime) -> dict[Any, Booking]:
    """The bookings of these cars that are overdue at the instant `at`, by id. Two queries."""
    # No place is a whole day ahead of UTC: what was due later than today there is overdue nowhere.
    due = Q(status=Booking.Status.ACTIVE, returned_at=None, end_date__lte=at.astimezone(UTC).date())
    found = Booking.objects.filter(due | OUT_THOUGH_OVER, car__in=[car.pk for car in cars])
    late = found.select_related("car__location").prefetch_related(PLACES)
    return {booking.pk: booking for booking in late if booking.is_overdue(at)}


def drawn_to(car: Car, taken: list[Stretch], late: dict[Any, Booking], at: datetime) -> list[Stretch]:
    """`taken` (one car's, by day) with what is overdue drawn up to today, or to the day before somebody else's."""
    for booking in late.values():
        if booking.car_id == car.pk:
            taken = _drawn(taken, booking, at)
    return taken


def _drawn(taken: list[Stretch], booking: Booking, at: datetime) -> list[Stretch]:
    own = [one for one in taken if one.booking_id == booking.pk and not one.buffer]
    first = own[-1].first if own else booking.start_date
    # What was called off while its car was out has no days in the ledger.
    last = booking.start_date - A_DAY if booking.status in OVER else booking.end_date
    others = [one for one in taken if one.booking_id != booking.pk]
    today = booking.drop_off.today(at)
    until = min([today, *(one.first - A_DAY for one in others if one.first > last)])
    if until <= last:
        return taken
    buffers = [_from(one, until + A_DAY) for one in taken if one.booking_id == booking.pk and one.buffer]
    whole = Stretch(booking.car_id, booking.pk, None, None, False, first, until)
    kept = [*others, *own[:-1], whole, *(one for one in buffers if one.first <= one.last)]
    return sorted(kept, key=lambda one: one.first)


def _from(one: Stretch, first: Any) -> Stretch:
    return one._replace(first=max(one.first, first))
