"""What the clock does to departures: at the cut-off sales end, and staff hear of too few passengers; then they are over."""

from datetime import datetime, timedelta

from django.db import transaction

from bookings.availability.departures.seats import lock_departure
from bookings.models import Booking, TourDeparture
from bookings.models.hours.departures import LATEST
from bookings.signals import departure_too_small
from exodrive.db.retry import retry_on_deadlock

Status = TourDeparture.Status


def advance_departures(at: datetime) -> int:
    """Close those whose cut-off has come and end those that are over; how many moved. Safe to run twice and at once.

    Where seats are sold, but fewer than the tour takes place from, its bookings are shown to staff: once, as it is closed
    once.
    """
    soon = TourDeparture.objects.filter(starts_at__lte=at + timedelta(minutes=LATEST))
    due = soon.filter(status__in=[Status.OPEN, Status.CLOSED]).order_by("starts_at", "pk")
    return sum(_moved(departure, at) for departure in due)


@retry_on_deadlock()
def _moved(departure: TourDeparture, at: datetime) -> bool:
    with transaction.atomic(durable=True):
        lock_departure(departure.pk)
        now = TourDeparture.objects.select_related("tour").get(pk=departure.pk)
        closes = now.status == Status.OPEN and now.sold_until <= at
        ends = now.status in (Status.OPEN, Status.CLOSED) and now.ends_at <= at
        if not (closes or ends):
            return False
        now.status = Status.DONE if ends else Status.CLOSED
        now.save(update_fields=["status"])
        if closes and not ends:
            _tell_of_too_few(now)
    return True


def _tell_of_too_few(departure: TourDeparture) -> None:
    booked = departure.seats.filter(booking__isnull=False)
    if 0 < booked.count() < departure.tour.min_passengers:
        bookings = list(Booking.objects.filter(pk__in=booked.values("booking")).order_by("reference"))
        departure_too_small.send(TourDeparture, departure=departure, bookings=bookings)
