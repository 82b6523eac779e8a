"""Rentals whose car is out, and swaps of it for another."""

from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from bookings.lifecycle.keys.swap import Swap, Swapped, swap_car
from bookings.models import Booking, CarAvailability
from bookings.tests.support.factories import CarFactory, in_days, make_booking
from cars.models import Car
from exodrive.rls import STAFF, acting_as, as_owner


def make_rental(*, car: Car | None = None, begins: int = -3, length: int = 8, **fields: Any) -> Booking:
    """A booking that begins so many days from today, 2 or more ago unless told, and whose customer has the car."""
    car = car or CarFactory()
    booking = make_booking(car=car, start=in_days(begins), length=length, status="active", **fields)
    booking.handed_over_at = datetime.combine(booking.start_date, time(10), tzinfo=car.location.zone)
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(handed_over_at=booking.handed_over_at)
    return booking


def swap(
    booking: Booking, car: Car, *, user: Any = None, at: datetime | None = None, **fields: Any
) -> Swapped:
    """As staff would."""
    told = {"reason": "Gearbox broke", "odometer": 45_120, "fuel": 4, **fields}
    with acting_as(STAFF, user=user):
        return swap_car(booking=booking, to=Swap(car=car, **told), at=at or timezone.now())


def days_of(booking: Booking) -> list[tuple[int, date, str]]:
    """Its rows of the ledger, in order."""
    with as_owner():
        rows = CarAvailability.objects.filter(booking=booking).order_by("date")
        return list(rows.values_list("car", "date", "status"))
