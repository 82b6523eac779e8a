"""What to show: the calendar of a car, the cars that are free, and what instead of days that are not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from math import floor
from operator import or_
from typing import Any

from django.db.models import Case, DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Abs, Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings import rules
from bookings.availability import taken, taken_dates, taken_dates_of, taken_reasons
from bookings.days import ONE_DAY, Days
from bookings.models import CarAvailability
from bookings.rules import Now, Reason
from bookings.shown import shown_dates
from cars.models import Car, Location
from cars.pricing import Choices, Quote, quote_rental
from cars.tariffs import tariff_of
from exodrive import formats

LOOK_AROUND = 60  # days before and after, for the nearest free range
SISTERS = 3
MOST_BUFFER = timedelta(days=30)  # a constant bound, so that the search walks the index of days


@dataclass(frozen=True, slots=True)
class DayState:
    """One day in a calendar. `state` is free, booked, or past (which covers days nobody can book any more or yet)."""

    date: date
    state: str
    reason: Reason | None = None

    @property
    def is_free(self) -> bool:
        """Whether it can be part of a rental."""
        return self.state == "free"


def day_states(car: Car, first: date, last: date, *, at: datetime, mine: Any = None) -> list[DayState]:
    """Every day from `first` to `last`, for a calendar. One query."""
    booked = shown_dates(car, first, last, at=at, mine=mine)
    now = Now.of(car.location, at)
    return [_state(car, day, booked, now) for day in Days(first, last)]


def _state(car: Car, day: date, booked: set[date], now: Now) -> DayState:
    one = Days(day, day)
    broken = next((reason for rule in rules.DAY_RULES if (reason := rule(car, one, now))), None)
    if broken:
        return DayState(day, "past", broken)
    if day in booked:
        return DayState(day, "booked", taken_reasons(car, one, booked)[0])
    return DayState(day, "free")


# --- Which cars -----------------------------------------------------------------------------------------------


def bookable_cars(days: Days, at: datetime) -> QuerySet[Car]:
    """Offered cars whose rules allow these days, free or not: `rules.reasons` in SQL. Three queries beside it."""
    places = [
        allowed for place in Location.with_hours() if (allowed := _allowed_at(place, days, at)) is not None
    ]
    if not places:
        return Car.objects.none()
    rule = {name: Coalesce(F(name), F(f"fleet__{name}")) for name in RULE_NUMBERS}
    starts = rule["pickup_weekdays"].bitand(1 << days.start.weekday())
    ends = rule["dropoff_weekdays"].bitand(1 << days.end.weekday())
    return (
        Car.objects.alias(
            at_least=rule["min_days"],
            at_most=rule["max_days"],
            ahead=rule["horizon_days"],
            lead=rule["lead_time_hours"],
            until=rule["cut_off_hour"],
            starts=starts,
            ends=ends,
        )
        .filter(status=Car.Status.OFFERED, at_least__lte=len(days), at_most__gte=len(days))
        .filter(starts__gt=0, ends__gt=0)
        .filter(reduce(or_, places))
    )


RULE_NUMBERS = (
    "min_days",
    "max_days",
    "horizon_days",
    "lead_time_hours",
    "cut_off_hour",
    "pickup_weekdays",
    "dropoff_weekdays",
)


def _allowed_at(place: Location, days: Days, at: datetime) -> Q | None:
    """What a car of this location must have for its rules to allow the days; None when no car's can."""
    now = Now.of(place, at)
    if days.start < now.today or place.is_closed(days.start) or place.is_closed(days.end):
        return None
    allowed = Q(location=place.pk, ahead__gte=(days.end - now.today).days)
    allowed &= Q(lead=0) | Q(lead__lte=floor(rules.hours_ahead(now, days.start)))
    return allowed & Q(until__gt=now.hour) if days.start == now.today else allowed


def free_cars(days: Days, at: datetime, mine: Any = None) -> QuerySet[Car]:
    """Cars that can be rented on these days: rules allow them and every day, buffer included, is free."""
    buffer = Coalesce(OuterRef("buffer_days"), OuterRef("fleet__buffer_days"))
    last = ExpressionWrapper(Value(days.end, output_field=DateField()) + buffer, output_field=DateField())
    rows = CarAvailability.objects.filter(
        taken(at, mine),
        car_id=OuterRef("pk"),
        date__range=(days.start, days.end + min(MOST_BUFFER, date.max - days.end)),
        date__lte=last,
    )
    return bookable_cars(days, at).filter(~Exists(rows))


# --- What instead -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Alternative:
    """Other days for the same car (`kind` "dates"), or another car on the same days ("car")."""

    kind: str
    car: Car
    days: Days
    quote: Quote

    def as_json(self) -> dict[str, Any]:
        """As the API says it."""
        return {
            "kind": self.kind,
            "car": self.car,
            "carId": self.car.pk,
            "start": self.days.start,
            "end": self.days.end,
            "quote": self.quote,
        }


def alternatives(
    car: Car, days: Days, *, at: datetime, mine: Any = None, choices: Choices | None = None
) -> list[Alternative]:
    """The nearest free ranges of the same length before and after, then up to three sister cars on the same days.

    Days of the hold or booking `mine` count as free; `choices` are in the prices.
    """
    other_days = nearest_ranges(car, days, at=at, mine=mine)
    found = [("dates", car, near) for near in other_days]
    found += [("car", sister, days) for sister in sister_cars(car, days, at, mine)]
    ranges = [days, *other_days]
    tariff = tariff_of(min(r.start for r in ranges), max(r.end for r in ranges))
    return [
        Alternative(kind, one, when, quote_rental(one, when, tariff, choices or Choices()))
        for kind, one, when in found
    ]


def nearest_ranges(car: Car, days: Days, *, at: datetime, mine: Any = None) -> list[Days]:
    """The closest allowed and free range of the same length on either side, the nearer one first. One query."""
    window = Days(days.start - LOOK_AROUND * ONE_DAY, days.end + (LOOK_AROUND + car.buffer) * ONE_DAY)
    booked = taken_dates(car, window.start, window.end, at=at, mine=mine)
    fits = _fits(car, booked, at)
    found = []
    for direction in (-1, 1):
        shifts = (direction * n for n in range(1, LOOK_AROUND + 1))
        near = next((s for n in shifts if fits(s := _shifted(days, n))), None)
        found += [near] if near else []
    return sorted(found, key=lambda near: abs((near.start - days.start).days))


def next_free_of(cars: Sequence[Car], days: Days, *, at: datetime) -> dict[int, Days]:
    """For each car the first free range of the same length that starts on or after `days.start`. Four queries."""
    longest_buffer = max((car.buffer for car in cars), default=0)
    ahead = (LOOK_AROUND + longest_buffer) * ONE_DAY
    if date.max - days.end < ahead:
        return {}
    cars = [
        car for car in cars if len(days) <= car.longest
    ]  # others are never free for so long; asking takes its time
    last = days.end + ahead
    booked = taken_dates_of([car.pk for car in cars], days.start, last, at=at)
    ranges = [_shifted(days, n) for n in range(LOOK_AROUND + 1)]
    places = {place.pk: place for place in Location.with_hours()}
    found = {}
    for car in cars:
        car.location = places[car.location_id]
        fits = _fits(car, booked[car.pk], at)
        if near := next((candidate for candidate in ranges if fits(candidate)), None):
            found[car.pk] = near
    return found


def sister_cars(car: Car, days: Days, at: datetime, mine: Any = None) -> list[Car]:
    """Up to three free cars: same place first, then by seats, then by price. Two queries and their pictures."""
    elsewhere = Case(When(location=car.location_id, then=0), default=1)
    nearest = (
        free_cars(days, at, mine)
        .exclude(pk=car.pk)
        .order_by(elsewhere, Abs(F("seats") - car.seats), Abs(F("daily_rate") - car.daily_rate), "pk")
    )
    return list(nearest.select_related("location").prefetch_related("images")[:SISTERS])


def _fits(car: Car, booked: set[date], at: datetime) -> Callable[[Days], bool]:
    def fits(days: Days) -> bool:
        claimed = days.with_buffer(car.buffer)
        return not any(day in booked for day in claimed) and not rules.reasons(car, days, at)

    return fits


def _shifted(days: Days, n: int) -> Days:
    return Days(days.start + timedelta(days=n), days.end + timedelta(days=n))


# --- Picking in the calendar ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Picked:
    """What the two date fields hold after a day was pressed, and a sentence when it was not what one expects."""

    start: date
    end: date | None = None
    note: str = ""


def pick(start: date | None, end: date | None, day: date, *, blocked: set[date], longest: int) -> Picked:
    """The calendar's rule, the same as in `static/js/calendar.js`; one fixture tests both.

    No start yet, or a finished range, or a day before the start: a new start. A blocked day in between, or too many
    days: a new start, with a note. Otherwise the range is complete.
    """
    if start is None or end is not None or day < start:
        return Picked(day)
    crossed = next((d for d in Days(start, day) if d in blocked), None)
    if crossed:
        words = _("%(day)s is booked, so we started again from the day you chose.")
        return Picked(day, note=words % {"day": formats.day(crossed)})
    if len(Days(start, day)) > longest:
        words = ngettext("You can book %(n)d day at most.", "You can book %(n)d days at most.", longest)
        return Picked(day, note=words % {"n": longest})
    return Picked(start, day)
