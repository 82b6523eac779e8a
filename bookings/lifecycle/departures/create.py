"""Making a departure: its car is claimed and its seats exist from the same moment on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.availability.departures.seats import FREE, lock_departure
from bookings.availability.hours.spans import claim_spans
from bookings.availability.ledger import lock_cars
from bookings.errors import Invalid
from bookings.models import DepartureSeat, TourDeparture
from cars.models import Car, Tour
from exodrive.db.retry import retry_on_deadlock


@dataclass(frozen=True, slots=True)
class Plan:
    """A departure as staff want it. Without a `capacity` it has as many seats as the tour usually has."""

    tour: Tour
    car: Car
    starts_at: datetime
    language: str
    capacity: int | None = None
    cutoff_minutes: int = 60

    @property
    def seats(self) -> int:
        """How many seats it has."""
        return self.tour.default_capacity if self.capacity is None else self.capacity


@retry_on_deadlock()
def create_departure(plan: Plan, *, at: datetime) -> TourDeparture:
    """An open departure with free seats. Raises Invalid, naming the fields, and DatesTaken where the car is elsewhere."""
    with transaction.atomic(durable=True):
        lock_cars(plan.car.pk)
        refuse_unfit(plan, at)
        return written(plan)


def written(plan: Plan) -> TourDeparture:
    """The rows of a departure. The car is locked, in the caller's transaction. Raises DatesTaken."""
    service = plan.tour.service
    departure = TourDeparture(
        tour=plan.tour,
        car=plan.car,
        starts_at=plan.starts_at,
        ends_at=plan.starts_at + timedelta(minutes=plan.tour.duration_minutes),
        before_minutes=service.before_minutes,
        after_minutes=service.after_minutes,
        capacity=plan.seats,
        cutoff_minutes=plan.cutoff_minutes,
        language=plan.language,
    )
    departure.save(force_insert=True)
    claim_spans(departure)
    _add(departure, range(1, plan.seats + 1))
    return departure


def refuse_unfit(plan: Plan, at: datetime) -> None:
    """Raise Invalid for a car that cannot drive it, more seats than the car has, a language that nobody speaks, the past."""
    found: dict[str, list[Any]] = {}
    if plan.car.location_id != plan.tour.service.location_id or not plan.car.is_offered:
        found["car"] = [_("This car is not offered where the tour begins.")]
    elif plan.car.car_class is None:
        found["car"] = [_("This car is not for rides: it has no class.")]
    elif words := _too_many(plan.car, plan.seats):
        found["capacity"] = [words]
    if plan.seats < 1:
        found["capacity"] = [_("A departure has at least one seat.")]
    if plan.language not in plan.tour.languages:
        found["language"] = [_("The tour is not told in this language.")]
    if plan.starts_at <= at:
        found["starts_at"] = [_("That time is in the past.")]
    if plan.starts_at.second or plan.starts_at.microsecond:
        found["starts_at"] = [_("Times are whole minutes.")]
    if found:
        raise Invalid(fields=found)


@retry_on_deadlock()
def change_capacity(departure: TourDeparture, seats: int) -> TourDeparture:
    """Give it more free seats or take free ones away. Raises Invalid below what is taken, and above what its car has."""
    with transaction.atomic(durable=True):
        lock_departure(departure.pk)
        now = TourDeparture.objects.select_related("car__car_class").get(pk=departure.pk)
        if now.is_over:
            raise Invalid.field("capacity", _("This departure is over."))
        if words := _too_many(now.car, seats):
            raise Invalid.field("capacity", words)
        if seats > now.capacity:
            last = max([0, *now.seats.values_list("seat", flat=True)])
            _add(now, range(last + 1, last + 1 + seats - now.capacity))
        else:
            _take_away(now, now.capacity - seats)
        now.capacity = seats
        now.save(update_fields=["capacity"])
    return now


def _take_away(departure: TourDeparture, wanted: int) -> None:
    """Delete the last of the free seats. Raises Invalid where too few are free."""
    free = list(departure.seats.filter(FREE).order_by("-seat").values_list("pk", flat=True)[:wanted])
    taken = departure.capacity - departure.seats.filter(FREE).count()
    if len(free) < wanted or not departure.capacity - wanted:
        words = ngettext("%(n)d seat is taken.", "%(n)d seats are taken.", taken) % {"n": taken}
        raise Invalid.field("capacity", words if taken else _("A departure has at least one seat."))
    departure.seats.filter(pk__in=free).delete()


def _add(departure: TourDeparture, numbers: Iterable[int]) -> None:
    DepartureSeat.objects.bulk_create(DepartureSeat(departure=departure, seat=n) for n in numbers)


def _too_many(car: Car, seats: int) -> str:
    most = car.car_class.passengers if car.car_class else 0
    if seats <= most:
        return ""
    return ngettext("This car takes %(n)d passenger.", "This car takes %(n)d passengers.", most) % {"n": most}
