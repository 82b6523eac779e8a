"""One line of the day sheet: a booking at its pick-up or at its return, and what may go wrong with its car."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import PLACES, Booking, BookingExtra
from bookings.ridden import RIDES, ride_of, stops
from cars.models import Location
from exodrive.money import Money
from inbox.desk.listing import with_rows
from inbox.desk.schedule.today import Part

Status = Booking.Status
SOON = timedelta(days=2)  # a car's next pick-up is named when it is so near
HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
UNREAD = ("quote", "terms", "return_note")
LEAVING = (Status.PENDING, Status.UPCOMING, Status.ACTIVE)


@dataclass(frozen=True)
class Line:
    """`next` is who gets the car afterwards, `before` who has it still."""

    booking: Booking
    picks_up: bool
    late: timedelta
    next: Booking | None
    before: Booking | None

    @property
    def place(self) -> Location:
        """Where it happens."""
        return self.booking.pick_up if self.picks_up else self.booking.drop_off

    @property
    def clock(self) -> time:
        """When, by the clock there."""
        return self.booking.pickup_time if self.picks_up else self.booking.return_time

    @property
    def ends(self) -> time | None:
        """Of a ride: until when, by the same clock."""
        return self.booking.return_time if self.booking.is_ride else None

    @property
    def stops(self) -> list[tuple[str, str]]:
        """Of a ride: from where to where, and how driver and passengers find each other, labelled."""
        if not self.booking.is_ride:
            return []
        ride = ride_of(self.booking)
        return stops(ride.service, (ride.from_place, ride.to_place), ride)

    @property
    def late_words(self) -> str:
        """ "26 h late"; nothing within the first hour."""
        hours = self.late // HOUR
        if hours >= 48:
            days = self.late // A_DAY
            return ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days}
        return _("%(n)d h late") % {"n": hours} if hours > 0 else ""

    @property
    def at_risk(self) -> bool:
        """Whether somebody waits, or soon will, for a car that is late."""
        return bool(self.before or (self.next and self.late >= HOUR))

    @property
    def to_pay(self) -> Money | None:
        """What is still owed of the rental."""
        return self.booking.amount_due or None

    @property
    def deposit_to_take(self) -> bool:
        """Whether the deposit has to be taken with the pick-up."""
        held = Booking.DepositStatus.HELD
        return bool(self.picks_up and self.booking.deposit and self.booking.deposit_status != held)


def lines_of(part: Part, found: QuerySet[Booking], at: datetime | None) -> list[Line]:
    """The lines of one part; without `at` nothing is late. As many queries for many lines as for one."""
    rows = with_rows(found).defer(*UNREAD)
    if part.code == "rides":
        rows = rows.select_related(*RIDES)
    extras = Prefetch("extras", BookingExtra.objects.select_related("extra"))
    bookings: list[Any] = list(
        rows.prefetch_related("notes", extras).annotate(next_pk=_next(), before_pk=_before())
    )
    asked = {pk for one in bookings for pk in (one.next_pk, one.before_pk)} - {None}
    beside = Booking.objects.defer(*UNREAD).select_related("car__location").prefetch_related(PLACES)
    others = beside.in_bulk(asked)
    return [_line(part, booking, others, at) for booking in bookings]


def _line(part: Part, booking: Any, others: dict[UUID, Booking], at: datetime | None) -> Line:
    if booking.is_ride:
        return Line(booking, True, timedelta(), None, None)
    picks_up = part.code == "pickups"
    due = booking.pickup_at if picks_up else booking.return_at
    late = max(at - due, timedelta()) if at else timedelta()
    following, before = others.get(booking.next_pk), others.get(booking.before_pk)
    soon = (booking.drop_off.today(at) if at else booking.end_date) + SOON
    if picks_up or (following and following.start_date > soon):
        following = None
    return Line(booking, picks_up, late, following, before if picks_up and at else None)


def _next() -> Subquery:
    following = Booking.objects.filter(
        car=OuterRef("car"), start_date__gt=OuterRef("start_date"), status__in=LEAVING, handed_over_at=None
    )
    return Subquery(following.order_by("start_date").values("pk")[:1])


def _before() -> Subquery:
    out = Q(status=Status.ACTIVE, handed_over_at__isnull=False, returned_at=None)
    having = Booking.objects.filter(out, car=OuterRef("car"), start_date__lt=OuterRef("start_date"))
    return Subquery(having.order_by("-start_date").values("pk")[:1])
