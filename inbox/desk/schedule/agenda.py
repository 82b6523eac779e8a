"""The calendar's list: pick-ups and returns, day by day, a page of them at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import CharField, F, Q, QuerySet, Value

from bookings.days import Days
from bookings.models import PLACES, SEGMENTS, Booking, BookingSegment
from cars.models import Car
from exodrive.db.folding import Folded
from inbox.desk.schedule.calendar import SHOWN

PER_PAGE = 50  # pick-ups and returns
UNREAD = ("quote", "terms", "special_requests", "return_note")


@dataclass
class Day:
    """One day with what happens on it, by the clock."""

    day: date
    pickups: list[Booking] = field(default_factory=list)
    returns: list[Booking] = field(default_factory=list)


@dataclass(frozen=True)
class Agenda:
    """One page of the list."""

    page: Page[Any]
    days: list[Day]


def build(window: Days, cars: QuerySet[Car], *, status: str = "", page: int = 1) -> Agenda:
    """What of `cars` leaves or comes back in `window`; a page too far is the last one. A constant number of
    queries."""
    statuses = [status] if status else SHOWN
    ids = cars.order_by().values("pk")
    before = BookingSegment.objects.filter(car__in=ids).values("booking")
    found = Booking.objects.filter(Q(car__in=ids) | Q(pk__in=before), status__in=statuses)
    both = _events(found, window, "pickup", "start_date", "pickup_time").union(
        _events(found, window, "return", "end_date", "return_time"), all=True
    )
    events = Paginator(both.order_by("day", "move", "clock", "name", "pk"), PER_PAGE).get_page(page)
    return Agenda(events, list(_days(list(events))))


def _events(found: QuerySet[Booking], window: Days, move: str, day: str, clock: str) -> QuerySet[Any, Any]:
    inside = found.filter(**{f"{day}__range": (window.start, window.end)}).order_by()
    return inside.annotate(
        day=F(day), move=Value(move, CharField()), clock=F(clock), name=Folded("full_name")
    ).values("pk", "day", "move", "clock", "name")


def _days(events: list[dict[str, Any]]) -> Iterable[Day]:
    wanted = Booking.objects.defer(*UNREAD).select_related("car__location").prefetch_related(PLACES, SEGMENTS)
    bookings = wanted.in_bulk({event["pk"] for event in events})
    for day, group in groupby(events, key=lambda event: event["day"]):
        listed = Day(day)
        for event in group:
            of_kind = listed.pickups if event["move"] == "pickup" else listed.returns
            of_kind.append(bookings[event["pk"]])
        yield listed
