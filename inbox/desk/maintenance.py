"""Cars that are due for a service, by what their odometer said last and by the calendar of their place."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.availability.as_of import AsOf
from bookings.availability.ledger import taken_dates_of
from bookings.errors import ChangedMeanwhile, Invalid
from bookings.models import Block, Booking, BookingSegment
from cars.models import BY_NAME, Car

SOON_KM, SOON_DAYS = 1000, 30  # before it is due
AHEAD = 90  # days in which a free one is looked for


@dataclass(frozen=True)
class Due:
    """One car. `odometer` is in km, None where nobody has read it; `free` is its next day that nobody has."""

    car: Car
    odometer: int | None
    today: date
    free: date | None

    @property
    def km_left(self) -> int | None:
        """Until it is due; negative when it is past that."""
        if self.car.service_due_km is None or self.odometer is None:
            return None
        return self.car.service_due_km - self.odometer

    @property
    def days_left(self) -> int | None:
        """The same in days."""
        return (self.car.service_due_on - self.today).days if self.car.service_due_on else None

    @property
    def is_due(self) -> bool:
        """Its km or its day has come."""
        return any(left is not None and left <= 0 for left in (self.km_left, self.days_left))

    @property
    def is_soon(self) -> bool:
        """Time to plan it."""
        km, days = self.km_left, self.days_left
        return (km is not None and km <= SOON_KM) or (days is not None and days <= SOON_DAYS)

    @property
    def block_url(self) -> str:
        """The form that keeps it off the road on its next free day, filled in."""
        day = self.free or self.today
        query = {"car": self.car.pk, "kind": Block.Kind.MAINTENANCE, "start": day.isoformat()}
        return f"{reverse('staff_new_block')}?{urlencode(query | {'next': reverse('staff_maintenance')})}"

    @property
    def seen(self) -> str:
        """What its page showed: who sends something else looks again."""
        return f"{self.car.service_due_km}/{self.car.service_due_on}"


def planned(at: datetime) -> list[Due]:
    """Cars that are due or soon will be, the due ones first. Two queries."""
    cars = [Due(car, car.odometer, car.location.today(at), None) for car in _with_odometer()]
    soon = [one for one in cars if one.is_soon]
    last = at.date() + timedelta(days=AHEAD + 1)  # where it is tomorrow already
    taken = taken_dates_of([one.car.pk for one in soon], at.date() - timedelta(days=1), last, as_of=AsOf(at))
    found = [replace(one, free=_first_free(one, taken[one.car.pk])) for one in soon]
    return sorted(found, key=lambda one: not one.is_due)


def count_due(at: datetime) -> int:
    """How many are due now. One query."""
    return sum(Due(car, car.odometer, car.location.today(at), None).is_due for car in _with_odometer())


@transaction.atomic
def service_done(*, car_id: int, km: int, day: date, seen: str, at: datetime) -> Car:
    """Write a service down: the next one is planned by the car's intervals.

    Raises Invalid for a day that has not come, ChangedMeanwhile when the plan is no longer what was `seen`, and
    Car.DoesNotExist.
    """
    car: Car = Car.objects.select_for_update(of=("self",)).get(pk=car_id)
    if day > car.location.today(at):
        raise Invalid.field("day", _("Choose today or a day before it"))
    if Due(car, None, day, None).seen != seen:
        raise ChangedMeanwhile
    car.plan_service_after(km=km, day=day)
    car.save(update_fields=["service_due_km", "service_due_on", "updated_at"])
    return car


def _with_odometer() -> QuerySet[Any]:
    known = Q(service_due_km__isnull=False) | Q(service_due_on__isnull=False)
    cars = Car.objects.exclude(status=Car.Status.RETIRED).filter(known)
    return cars.annotate(odometer=_last_odometer()).order_by(*BY_NAME)


def _last_odometer() -> Greatest:
    """The highest of what each kind of reading said last: a car on the road has driven since it came back before."""
    bookings = Booking.objects.filter(car=OuterRef("pk"))
    driven = BookingSegment.objects.filter(car=OuterRef("pk"))
    return Greatest(
        _last(bookings, "return_odometer_km", "-returned_at"),
        _last(bookings, "pickup_odometer_km", "-handed_over_at"),
        _last(driven, "return_odometer_km", "-created_at"),
        _last(driven, "pickup_odometer_km", "-created_at"),
    )


def _last(rows: QuerySet[Any], reading: str, latest: str) -> Subquery:
    known = rows.filter(**{f"{reading}__isnull": False})
    return Subquery(known.order_by(latest, f"-{reading}").values(reading)[:1])


def _first_free(one: Due, taken: Collection[date]) -> date | None:
    days = (one.today + timedelta(days=n) for n in range(AHEAD))
    return next((day for day in days if day not in taken), None)
