"""The same departure on the same weekday for some weeks: each is made by itself, and what cannot be is told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bookings.availability.rides.wish import hours_from
from bookings.errors import DatesTaken, Invalid
from bookings.lifecycle.departures.create import Plan, create_departure
from bookings.models import TourDeparture

A_WEEK = timedelta(days=7)
MOST_WEEKS = 26


def weekly(first: Plan, weeks: int) -> Iterator[Plan]:
    """The first and the ones after it, at the same time by the clock of the tour's place.

    Raises Invalid where a clock does not show it: the night on which it goes forward.
    """
    service = first.tour.service
    begins = first.starts_at.astimezone(service.location.zone)
    for n in range(weeks):
        day = begins.date() + n * A_WEEK
        hours = hours_from(service, day, begins.time(), first.tour.duration_minutes)
        yield replace(first, starts_at=hours.starts_at)


def create_weekly(
    first: Plan, weeks: int, *, at: datetime
) -> tuple[list[TourDeparture], list[tuple[Plan, DatesTaken]]]:
    """Those that were made, and those whose car is elsewhere with the reasons. Made again, nothing is made twice: the car is
    taken by the first. Raises Invalid for what no week's departure can be; nothing is made then.
    """
    plans = list(weekly(first, weeks))
    if not plans:
        raise Invalid
    made, taken = [], []
    for plan in plans:
        try:
            made.append(create_departure(plan, at=at))
        except DatesTaken as refusal:
            taken.append((plan, refusal))
    return made, taken
