"""What is due today at each location, by that location's own clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Count, DateField, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable, Func
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking, BookingLocation
from inbox.desk.schedule.overdue import OUT_THOUGH_OVER

Status = Booking.Status
ON_THE_ROAD = (Status.UPCOMING, Status.ACTIVE)
RENTAL = Q(kind=Booking.Kind.RENTAL)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Part:
    """One section of the day list. `at` is where and when its rows happen: at the pick-up, or at the return."""

    code: str
    label: Any
    empty: Any
    where: Q
    at: str = BookingLocation.Kind.DROP_OFF


PARTS = (
    Part(
        "overdue",
        _("Overdue"),
        _("No car is overdue."),
        RENTAL & Q(status=Status.ACTIVE, returned_at=None, end_date__lt=F("today_there")) | OUT_THOUGH_OVER,
    ),
    Part(
        "pickups",
        _("Pick-ups"),
        _("No pick-ups left today."),
        RENTAL
        & Q(
            status__in=ON_THE_ROAD,
            handed_over_at=None,
            start_date__lte=F("today_here"),
            end_date__gte=F("today_here"),
        ),
        BookingLocation.Kind.PICK_UP,
    ),
    Part(
        "returns",
        _("Returns"),
        _("No returns left today."),
        RENTAL & Q(status=Status.ACTIVE, returned_at=None, end_date=F("today_there")),
    ),
    Part(
        "rides",
        _("Rides"),
        _("No rides left today."),
        # Those that are over stay until somebody says that they are done.
        ~RENTAL
        & Q(start_date__lte=F("today_here"))
        & (Q(status=Status.ACTIVE) | Q(status=Status.UPCOMING, end_date__gte=F("today_here"))),
        BookingLocation.Kind.PICK_UP,
    ),
)


@dataclass(frozen=True)
class Due:
    """How many of each."""

    pickups: int
    returns: int
    overdue: int
    rides: int


def local_today(kind: str, at: datetime) -> Combinable:
    """The date at the instant `at` where a booking's car is picked up or returned (`BookingLocation.Kind`)."""
    place = BookingLocation.objects.filter(booking=OuterRef("pk"), kind=kind).values("location__time_zone")
    zone = Coalesce(Subquery(place[:1]), F("car__location__time_zone"))
    local = Func(zone, Value(at, DateTimeField()), function="timezone", output_field=DateTimeField())
    return Cast(local, DateField())


def by_local_day(bookings: QuerySet[Booking], at: datetime) -> QuerySet[Booking]:
    """`bookings` with `today_here` (where they are picked up) and `today_there` (where they are returned).

    Every row is asked for its places: narrow `bookings` by `near` or a like window first.
    """
    kind = BookingLocation.Kind
    return bookings.annotate(
        today_here=local_today(kind.PICK_UP, at), today_there=local_today(kind.DROP_OFF, at)
    )


def near(at: datetime) -> tuple[date, date]:
    """The first and the last date that it can be anywhere at the instant `at`: no place is a day away from UTC."""
    today = at.astimezone(UTC).date()
    return today - A_DAY, today + A_DAY


def running(at: datetime) -> QuerySet[Booking]:
    """What may be due, by dates alone, which are in an index: cars on the road, and pick-ups up to tomorrow."""
    first, last = near(at)
    out = Q(status=Status.ACTIVE, returned_at=None, end_date__lte=last)
    waiting = Q(status__in=ON_THE_ROAD, handed_over_at=None, start_date__lte=last, end_date__gte=first)
    return Booking.objects.filter(out | waiting | OUT_THOUGH_OVER)


def due(at: datetime) -> Due:
    """One query."""
    found = by_local_day(running(at), at)
    return Due(**found.aggregate(**{part.code: Count("pk", filter=part.where) for part in PARTS}))


def due_bookings(part: Part, at: datetime) -> QuerySet[Booking]:
    """The bookings of one section: pick-ups by their time, returns and overdue cars by when they were due."""
    return in_order(by_local_day(running(at), at).filter(part.where), part)


def in_order(bookings: QuerySet[Booking], part: Part) -> QuerySet[Booking]:
    """By the clock."""
    pick_up = part.at == BookingLocation.Kind.PICK_UP
    return bookings.order_by(
        *(("start_date", "pickup_time") if pick_up else ("end_date", "return_time")), "pk"
    )
