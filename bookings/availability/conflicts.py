"""Which future bookings a change of rules contradicts. They stay as booked; staff should know before they save."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from django.utils import timezone

from bookings.availability import rules
from bookings.models import PLACES, Booking
from cars.models import Car
from exodrive.i18n.formats import span

# Rules about the moment of booking were kept when it was made; these are about the days themselves.
LASTING = {"not_offered", "min_days", "max_days", "pickup_weekday", "dropoff_weekday", "closed"}


def conflicting(cars: Sequence[Car]) -> list[Booking]:
    """Bookings that have not begun and that the cars, as they are given, would not allow. One query for all cars."""
    at, by_pk = timezone.now(), {car.pk: car for car in cars}
    bookings = (
        Booking.objects.filter(
            car__in=by_pk,
            status__in=[Booking.Status.PENDING, Booking.Status.UPCOMING],
            end_date__gte=at.date(),
        )
        .prefetch_related(PLACES, "places__location__opening_hours")
        .order_by("car", "start_date")
    )
    found = [booking for booking in bookings if _breaks(booking, by_pk[booking.car_id], at)]
    close = [
        later
        for earlier, later in pairwise(bookings)
        if earlier.car_id == later.car_id and _gap(earlier, later) < by_pk[later.car_id].buffer
    ]
    return sorted({*found, *close}, key=lambda booking: (booking.start_date, booking.reference))


def in_words(cars: Sequence[Car]) -> list[str]:
    """The same, as staff read it."""
    return [f"{b.reference} ({span(b.start_date, b.end_date)})" for b in conflicting(cars)]


def _breaks(booking: Booking, car: Car, at: datetime) -> bool:
    broken = rules.reasons(car, booking.days, at, pick_up=booking.pick_up, drop_off=booking.drop_off)
    return any(reason.code in LASTING for reason in broken)


def _gap(earlier: Booking, later: Booking) -> int:
    return (later.start_date - earlier.end_date).days - 1
