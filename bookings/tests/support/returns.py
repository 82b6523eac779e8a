"""Cars that are out, and how they come back."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from bookings.lifecycle.checklist import Checklist
from bookings.lifecycle.keys.no_show import no_show
from bookings.lifecycle.transitions import take_back
from bookings.models import PLACES, Booking, CarAvailability
from bookings.tests.support.factories import CarFactory, in_days, make_booking
from exodrive.rls import STAFF, acting_as, as_owner

BACK = Checklist(odometer=45_210, fuel=6, damage=False)


def out(
    *,
    start: date | None = None,
    length: int = 6,
    km: int | None = 45_000,
    fuel: int = 8,
    given: timedelta = timedelta(),
    **fields: Any,
) -> Booking:
    """A rental of 100 a day, since yesterday unless told, whose car was handed over with `km`, `given` after the pick-up
    time.
    """
    car = fields.pop("car", None) or CarFactory(
        daily_rate="100.00", weekend_rate="100.00", excess_km_price="0.50", included_km_per_day=100
    )
    booking = make_booking(car=car, start=start or in_days(-1), length=length, status="active", **fields)
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(
            handed_over_at=booking.pickup_at + given, pickup_odometer_km=km, pickup_fuel_eighths=fuel
        )
    found = fresh(booking)
    found.secret = booking.secret
    return found


def fresh(booking: Booking) -> Booking:
    """As it is in the database now."""
    with as_owner():
        rows = Booking.objects.select_related("car__location").prefetch_related(PLACES)
        return rows.get(pk=booking.pk)


def back(
    booking: Booking, checklist: Checklist = BACK, *, at: datetime | None = None, user: Any = None
) -> Booking:
    """Taken back by staff, now unless told."""
    with acting_as(STAFF, user=user):
        take_back(booking=booking, at=at or timezone.now(), checklist=checklist, from_="active")
    return fresh(booking)


def days_of(booking: Booking) -> list[tuple[date, str]]:
    """Its rows of the ledger."""
    with as_owner():
        return list(
            CarAvailability.objects.filter(booking=booking).order_by("date").values_list("date", "status")
        )


def missed(minutes_ago: int = 0) -> Booking:
    """A no-show of five days since yesterday, written down so many minutes ago."""
    booking = make_booking(start=in_days(-1), length=5, status="active")
    with acting_as(STAFF):
        no_show(booking=booking, at=timezone.now())
    with as_owner():
        ago = timezone.now() - timedelta(minutes=minutes_ago)
        Booking.objects.filter(pk=booking.pk).update(status_changed_at=ago)
    found = fresh(booking)
    found.secret = booking.secret
    return found
