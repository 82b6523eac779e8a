"""The cars that are free on some days: `rules.reasons` and the ledger, in SQL."""

from datetime import date, datetime, timedelta
from functools import reduce
from math import floor
from operator import or_

from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from bookings.availability import rules
from bookings.availability.as_of import AsOf
from bookings.availability.ledger import taken
from bookings.availability.rules import Now
from bookings.availability.still_out import is_back
from bookings.availability.times import is_time_left, is_time_to_drive
from bookings.days import Days
from bookings.models import CarAvailability
from cars.catalogue import catalogue
from cars.models import Car, Location

MAX_BUFFER = timedelta(days=30)  # a constant bound, so that the search walks the index of days


def bookable_cars(days: Days, at: datetime, *, at_counter: bool = False) -> QuerySet[Car]:
    """Offered cars whose rules allow these days, free or not: `rules.reasons` in SQL. One query beside it.

    `at_counter`: without `rules.WEB_RULES`.
    """
    allowed_at = _open_at if at_counter else _allowed_at
    places = [
        allowed for place in catalogue().locations if (allowed := allowed_at(place, days, at)) is not None
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


def _open_at(place: Location, days: Days, at: datetime) -> Q | None:
    """A car of this location, where somebody is there on both days; None when nobody is."""
    if days.start < place.today(at) or place.is_closed(days.start) or place.is_closed(days.end):
        return None
    return Q(location=place.pk)


def _allowed_at(place: Location, days: Days, at: datetime) -> Q | None:
    """What a car of this location must have for its rules to allow the days; None when no car's can."""
    now, allowed = Now.of(place, at), _open_at(place, days, at)
    if allowed is None:
        return None
    allowed &= Q(ahead__gte=(days.end - now.today).days)
    allowed &= Q(lead=0) | Q(lead__lte=floor(rules.hours_ahead(now, days.start)))
    if days.start != now.today:
        return allowed
    in_time = (
        is_time_to_drive(place, place, days.start, at)
        if len(days) == 1
        else is_time_left(place, days.start, at)
    )
    return allowed & Q(until__gt=now.hour) & is_back(at) if in_time else None


def free_cars(days: Days, as_of: AsOf) -> QuerySet[Car]:
    """Cars that can be rented on these days: rules allow them and every day, buffer included, is free."""
    return unclaimed(bookable_cars(days, as_of.at, at_counter=as_of.at_counter), days, as_of)


def unclaimed_cars(days: Days, as_of: AsOf) -> QuerySet[Car]:
    """Offered cars of which every day, buffer included, is free, whatever their other rules: for a rental under way."""
    return unclaimed(Car.objects.filter(status=Car.Status.OFFERED), days, as_of)


def unclaimed(cars: QuerySet[Car], days: Days, as_of: AsOf) -> QuerySet[Car]:
    """Those of `cars` that nobody has on any of these days, buffer included, whatever the rules say."""
    buffer = Coalesce(OuterRef("buffer_days"), OuterRef("fleet__buffer_days"))
    last = ExpressionWrapper(Value(days.end, output_field=DateField()) + buffer, output_field=DateField())
    rows = CarAvailability.objects.filter(
        taken(as_of),
        car_id=OuterRef("pk"),
        date__range=(days.start, days.end + min(MAX_BUFFER, date.max - days.end)),
        date__lte=last,
    )
    return cars.filter(~Exists(rows))
