"""What of future bookings contradicts the cars, places and extras as they are. They stay as booked; staff should know."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Any

from django.db.models import F, Model, Q
from django.utils import timezone

from bookings.availability import rules
from bookings.availability.times import is_within
from bookings.days import ONE_DAY, Days
from bookings.models import Booking, BookingLocation, ExtraDay
from cars.models import Car, ClosedDay, Extra, Fleet, Location
from exodrive.i18n.formats import span

# Rules about the moment of booking were kept when it was made; these are about the days themselves.
LASTING = {"not_offered", "min_days", "max_days", "pickup_weekday", "dropoff_weekday", "closed"}
TO_COME = (Booking.Status.PENDING, Booking.Status.UPCOMING)
# The bookings that a row is about; a closed day may be about all of them.
ABOUT: dict[type[Model], str] = {
    Car: "car",
    Fleet: "car__fleet",
    Location: "places__location",
    Extra: "extras__extra",
}

Facts = dict[str, set[str]]  # by booking, as staff read it
Oversold = set[tuple[int, date]]


def facts_about(model: type[Model], pk: Any, at: datetime | None = None) -> Facts:
    """What does not fit, of every booking that this row is about and whose days are not over where its car comes back.

    At the instant `at`, now unless told. A fixed number of queries. A time zone is always named: another one moves the
    instant, although nothing else contradicts it.
    """
    at = at or timezone.now()
    bookings = _bookings(model, pk, at)
    days = ExtraDay.objects.filter(taken__gt=F("extra__stock"), date__gte=_first(at))
    oversold = set(days.values_list("extra", "date"))
    found = {booking.pk: set(_facts(booking, at, oversold)) for booking in bookings}
    for earlier, later in pairwise(bookings):
        if earlier.car_id == later.car_id and _gap(earlier, later) < later.car.buffer:
            found[later.pk].add("buffer")
    ordered = sorted(bookings, key=lambda booking: (booking.start_date, booking.reference))
    return {f"{b.reference} ({span(b.start_date, b.end_date)})": found[b.pk] for b in ordered}


def _first(at: datetime) -> date:
    """The first date that it can be anywhere: no place is a whole day behind UTC."""
    return at.astimezone(UTC).date() - ONE_DAY


def _bookings(model: type[Model], pk: Any, at: datetime) -> list[Booking]:
    future = Q(status__in=[*TO_COME, Booking.Status.ACTIVE], end_date__gte=_first(at))
    if model in ABOUT:
        about = Booking.objects.filter(future, **{ABOUT[model]: pk})
        future = Q(pk__in=list(about.values_list("pk", flat=True)) if pk else [])
    elif model is not ClosedDay:
        return []
    rows = (
        Booking.objects.filter(future)
        .select_related("car__fleet")
        .prefetch_related("places", "extras__extra")
    )
    places = {place.pk: place for place in Location.with_hours()}
    found = list(rows.order_by("car", "start_date"))
    for booking in found:  # one object for a place: it remembers its hours
        booking.__dict__["_places"] = {
            place.kind: places[place.location_id] for place in booking.places.all()
        }
    return [booking for booking in found if booking.drop_off.today(at) <= booking.end_date]


def _facts(booking: Booking, at: datetime, oversold: Oversold) -> Iterator[str]:
    drop_off, pick_up = booking.drop_off, booking.pick_up
    yield from _at(BookingLocation.Kind.DROP_OFF, drop_off, booking.end_date, booking.return_time)
    for extra in booking.extras.all():
        # Its own days: they begin with the one on which the car left, when that was early.
        days = (day for day in Days(extra.start_date, extra.end_date) if day >= pick_up.today(at))
        if any((extra.extra_id, day) in oversold for day in days):
            yield f"too many of {extra.extra_id}"
        if extra.extra.location_id not in (None, pick_up.pk):
            yield f"{extra.extra_id} is elsewhere"
    if booking.car.status == Car.Status.RETIRED:
        yield "the car is retired"
    if booking.status not in TO_COME:
        return
    yield from _at(BookingLocation.Kind.PICK_UP, pick_up, booking.start_date, booking.pickup_time)
    broken = rules.reasons(booking.car, booking.days, at, pick_up=pick_up, drop_off=drop_off)
    yield from (reason.code for reason in broken if reason.code in LASTING)
    if booking.car.location_id != pick_up.pk:
        yield f"the car is at {booking.car.location_id}"
    if booking.driver_age is not None and booking.driver_age < booking.car.minimum_age:
        yield "too young"


def _at(kind: str, place: Location, day: date, clock: time) -> Iterator[str]:
    yield f"{kind} in {place.time_zone}"
    if place.is_closed(day):
        yield f"{kind} closed"
    elif not is_within(place.spans_on(day), clock):
        yield f"{kind} out of hours"


def _gap(earlier: Booking, later: Booking) -> int:
    return (later.start_date - earlier.end_date).days - 1
