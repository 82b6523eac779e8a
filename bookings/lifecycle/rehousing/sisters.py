"""Bookings that are in the way of something, and which car each of them could have instead."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from bookings.availability import rules
from bookings.availability.as_of import AsOf
from bookings.availability.free_cars import MAX_BUFFER
from bookings.availability.ledger import taken_dates_of
from bookings.availability.still_out import is_back
from bookings.days import Days
from bookings.lifecycle.change_details import rules_passed
from bookings.lifecycle.change_request import ChangeRequest
from bookings.models import Booking, CarAvailability
from cars.models import Car, Location

OFFERED = 3  # cars of each booking; the one that is proposed is among them
LISTED = 50  # bookings at once: the next ones follow when these are out of the way
LIVE = (Booking.Status.PENDING, Booking.Status.UPCOMING, Booking.Status.ACTIVE)

Taken = defaultdict[int, set[date]]


@dataclass(frozen=True, slots=True)
class InTheWay:
    """A booking, the free cars that it could have, best first, and the one that it gets when all are moved at once.

    A car that is out has none: it is swapped, with its odometer read.
    """

    booking: Booking
    cars: tuple[Car, ...] = ()
    proposed: Car | None = None

    @property
    def is_out(self) -> bool:
        """Whether its customer has the car."""
        return self.booking.handed_over_at is not None


def who_has(car_ids: Iterable[int], days: Days) -> QuerySet[Booking]:
    """The bookings that have one of the days, or the gap after them."""
    rows = CarAvailability.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=Now()),
        car__in=list(car_ids),
        date__range=(days.start, days.end),
        booking__isnull=False,
    )
    return Booking.objects.filter(pk__in=rows.values("booking"))


def live_on(car: Car, at: datetime) -> QuerySet[Booking]:
    """The bookings that still count on the car: to come, under way, or out with it although they should be over."""
    out = Q(handed_over_at__isnull=False, returned_at=None)
    today = car.location.today(at)
    return Booking.objects.filter(Q(status__in=LIVE, end_date__gte=today) | out, car=car)


def in_the_way(
    bookings: QuerySet[Booking], at: datetime, *, avoiding: Collection[int] = ()
) -> list[InTheWay]:
    """These bookings with the cars that they could have, none of them `avoiding`. A fixed number of queries.

    The proposals do not collide with each other: whoever has the fewest cars to choose from is asked first.
    """
    rows = bookings.select_related("car__location", "car__fleet").prefetch_related("segments", "places")
    listed = list(rows.order_by("start_date", "reference")[:LISTED])
    movable = [one for one in listed if one.handed_over_at is None and one.status in LIVE]
    if not movable:
        return [InTheWay(one) for one in listed]
    fits = _Fleet.read(movable, at, avoiding)
    return _proposed(listed, {one.pk: fits.cars_for(one) for one in movable}, fits)


def _proposed(listed: list[Booking], found: dict[Any, list[Car]], fleet: "_Fleet") -> list[InTheWay]:
    chosen: dict[Any, Car] = {}
    given: Taken = defaultdict(set)
    for booking in sorted(listed, key=lambda one: len(found.get(one.pk, ()))):
        for car in found.get(booking.pk, ()):
            claimed = set(booking.car_days.with_buffer(car.buffer))
            if not claimed & given[car.pk]:
                chosen[booking.pk] = car
                given[car.pk] |= claimed
                break
    return [_shown(one, found.get(one.pk, []), chosen.get(one.pk)) for one in listed]


def _shown(booking: Booking, cars: list[Car], proposed: Car | None) -> InTheWay:
    first = cars[:OFFERED]
    if proposed and proposed not in first:
        first = [*first[: OFFERED - 1], proposed]
    return InTheWay(booking, tuple(first), proposed)


@dataclass(frozen=True, slots=True)
class _Fleet:
    """Every car that is offered, what of it is taken, and who is late with one."""

    at: datetime
    cars: Sequence[Car]
    taken: Taken
    late: Collection[int]

    @classmethod
    def read(cls, bookings: Sequence[Booking], at: datetime, avoiding: Collection[int]) -> "_Fleet":
        places = _places_of(bookings)
        offered = Car.objects.filter(status=Car.Status.OFFERED).exclude(pk__in=avoiding)
        cars = list(offered.select_related("fleet"))
        for car in cars:
            car.location = places[car.location_id]
        last = max(one.end_date for one in bookings)
        last += min(MAX_BUFFER, date.max - last)
        first = min(one.start_date for one in bookings) - timedelta(days=1)
        taken = taken_dates_of([car.pk for car in cars], first, last, as_of=AsOf(at))
        late = set(Car.objects.exclude(is_back(at)).values_list("pk", flat=True))
        return cls(at, cars, taken, late)

    def cars_for(self, booking: Booking) -> list[Car]:
        """Best first: of the same place, as many seats, about as dear. Cars that are late themselves come last."""
        fit = [car for car in self.cars if self._fits(booking, car)]
        return sorted(fit, key=lambda car: (car.pk in self.late, _distance(booking.car, car)))

    def _fits(self, booking: Booking, car: Car) -> bool:
        """As the change itself would judge it, and no smaller car."""
        if car.pk == booking.car_id or car.seats < booking.car.seats:
            return False
        if not self.taken[car.pk].isdisjoint(booking.car_days.with_buffer(car.buffer)):
            return False
        if booking.driver_age is not None and booking.driver_age < car.minimum_age:
            return False
        return self._changes_hands(booking, car) and not any(self._against(booking, car))

    def _changes_hands(self, booking: Booking, car: Car) -> bool:
        home, start, end = car.location, booking.pick_up, booking.drop_off
        same_day = (start.agency_id, start.time_zone) == (home.agency_id, home.time_zone)
        return same_day and end.agency_id == home.agency_id

    def _against(self, booking: Booking, car: Car) -> Iterator[Any]:
        if booking.start_date <= booking.pick_up.today(self.at) and car.pk in self.late:
            yield "still out"
        passed = rules_passed(booking, ChangeRequest(car=car))
        yield from rules.reasons(
            car, booking.days, self.at, pick_up=booking.pick_up, drop_off=booking.drop_off, passed=passed
        )


def _places_of(bookings: Sequence[Booking]) -> dict[int, Location]:
    """All places by id. The bookings get the same objects: a place remembers its hours."""
    places = {place.pk: place for place in Location.with_hours()}
    for booking in bookings:
        booking.__dict__["_places"] = {
            place.kind: places[place.location_id] for place in booking.places.all()
        }
    return places


def _distance(booked: Car, car: Car) -> tuple[Any, ...]:
    return (
        car.location_id != booked.location_id,
        car.seats - booked.seats,
        abs(car.daily_rate - booked.daily_rate),
        car.pk,
    )
