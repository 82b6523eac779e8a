"""What is due today at each location, by that location's own clock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, DateField, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable, Func
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking, BookingLocation
from inbox.desk.overdue import OUT_THOUGH_OVER

Status = Booking.Status
ON_THE_ROAD = (Status.UPCOMING, Status.ACTIVE)


@dataclass(frozen=True)
class Part:
    """One section of the day list."""

    code: str
    label: Any
    empty: Any
    where: Q


PARTS = (
    Part(
        "overdue",
        _("Overdue"),
        _("No car is overdue."),
        Q(status=Status.ACTIVE, returned_at=None, end_date__lt=F("today_there")) | OUT_THOUGH_OVER,
    ),
    Part(
        "pickups",
        _("Pick-ups"),
        _("No pick-ups left today."),
        Q(
            status__in=ON_THE_ROAD,
            handed_over_at=None,
            start_date__lte=F("today_here"),
            end_date__gte=F("today_here"),
        ),
    ),
    Part(
        "returns",
        _("Returns"),
        _("No returns left today."),
        Q(status=Status.ACTIVE, returned_at=None, end_date=F("today_there")),
    ),
)


@dataclass(frozen=True)
class Due:
    """How many of each."""

    pickups: int
    returns: int
    overdue: int


def local_today(kind: str, at: datetime) -> Combinable:
    """The date at the instant `at` where a booking's car is picked up or returned (`BookingLocation.Kind`)."""
    place = BookingLocation.objects.filter(booking=OuterRef("pk"), kind=kind).values("location__time_zone")
    zone = Coalesce(Subquery(place[:1]), F("car__location__time_zone"))
    local = Func(zone, Value(at, DateTimeField()), function="timezone", output_field=DateTimeField())
    return Cast(local, DateField())


def by_local_day(bookings: QuerySet[Booking], at: datetime) -> QuerySet[Booking]:
    """`bookings` with `today_here` (where they are picked up) and `today_there` (where they are returned)."""
    kind = BookingLocation.Kind
    return bookings.annotate(
        today_here=local_today(kind.PICK_UP, at), today_there=local_today(kind.DROP_OFF, at)
    )


def due(at: datetime) -> Due:
    """One query."""
    running = by_local_day(Booking.objects.filter(Q(status__in=ON_THE_ROAD) | OUT_THOUGH_OVER), at)
    return Due(**running.aggregate(**{part.code: Count("pk", filter=part.where) for part in PARTS}))


def due_bookings(part: Part, at: datetime) -> QuerySet[Booking]:
    """The bookings of one section: pick-ups by their time, returns and overdue cars by when they were due."""
    found = by_local_day(Booking.objects.filter(Q(status__in=ON_THE_ROAD) | OUT_THOUGH_OVER), at).filter(
        part.where
    )
    return found.order_by(
        *(("start_date", "pickup_time") if part.code == "pickups" else ("end_date", "return_time")), "pk"
    )
