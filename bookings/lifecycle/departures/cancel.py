"""Calling a departure off: nobody buys a seat from then on, every booking is cancelled and mailed, the car is free."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from bookings.availability.departures.seats import lock_departure
from bookings.availability.hours.spans import release_spans
from bookings.availability.ledger import lock_cars
from bookings.errors import InvalidTransition
from bookings.lifecycle.managers import refuse_desk
from bookings.lifecycle.transitions import cancel
from bookings.models import Booking, TourDeparture
from bookings.models.paid import OVER
from exodrive.db.retry import retry_on_deadlock

Status = TourDeparture.Status


def cancel_departure(departure: TourDeparture, *, at: datetime, reason: str) -> list[Booking]:
    """Cancel it with its bookings, each in a transaction of its own; what comes back of what was paid is all of it.

    Pressed again, it goes on where it stopped. Raises Forbidden for the desk where something was paid, and
    InvalidTransition for one that has taken place.
    """
    _close(departure)
    bookings = [_called_off(one, at, reason) for one in _live(departure)]
    _free(departure)
    departure.status = Status.CANCELLED
    return [one for one in bookings if one]


@retry_on_deadlock()
def _close(departure: TourDeparture) -> None:
    """From the commit on nobody takes a seat, and no hold has one; the car goes last, with the bookings on it."""
    with transaction.atomic(durable=True):
        lock_departure(departure.pk)
        now = TourDeparture.objects.get(pk=departure.pk)
        if now.status == Status.DONE or now.rides.filter(booking__status="completed").exists():
            raise InvalidTransition
        if any(booking.paid for booking in _live(departure)):
            refuse_desk()
        now.seats.filter(hold__isnull=False).update(hold=None, expires_at=None)
        now.holds.filter(booking=None, expires_at__gt=Now()).update(expires_at=Now())
        if now.status == Status.OPEN:
            TourDeparture.objects.filter(pk=now.pk).update(status=Status.CLOSED)


def _called_off(booking: Booking, at: datetime, reason: str) -> Booking | None:
    """None where its customer was faster."""
    try:
        return cancel(booking=booking, at=at, reason=reason)
    except InvalidTransition:
        if Booking.objects.filter(pk=booking.pk, status__in=OVER).exists():
            return None
        raise


@retry_on_deadlock()
def _free(departure: TourDeparture) -> None:
    with transaction.atomic(durable=True):
        lock_cars(departure.car_id)
        lock_departure(departure.pk)
        release_spans(departure)
        TourDeparture.objects.filter(pk=departure.pk).update(status=Status.CANCELLED)


def _live(departure: TourDeparture) -> list[Booking]:
    found = Booking.objects.filter(ride__departure=departure).exclude(status__in=OVER)
    return list(found.select_related("car__location", "ride").order_by("reference"))
