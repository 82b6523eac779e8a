"""Blocks for hours, like a garage visit from nine to noon: clock times of the place where the car is."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from bookings.availability.changing_hands import release
from bookings.availability.hours.spans import claim_spans, release_spans, spans_on
from bookings.availability.ledger import claim
from bookings.days import ONE_DAY, Days
from bookings.errors import Invalid
from bookings.hours import Hours
from bookings.models import Block, Booking, CarAvailability
from cars.models import Location
from exodrive.i18n.formats import clock as said

# From when on the first day until when on the last; () is whole days.
Clock = tuple[time, time] | tuple[()]
WHOLE_DAYS: Clock = ()


def hours_at(place: Location, days: Days, clock: Clock) -> Hours | None:
    """The hours that clocks at a place mean; None for whole days. An hour that comes twice is the first of them, and until
    00:00 is the end of the last day.

    Raises Invalid for a time that is skipped that night, and for an end that is not later.
    """
    if not clock:
        return None
    since, until = clock
    starts_at = _instant(place, days.start, since, "startTime")
    last = days.end if until > time() else days.end + ONE_DAY
    ends_at = _instant(place, last, until, "endTime")
    if ends_at <= starts_at:
        raise Invalid.field("endTime", _("The end must be later than the start."))
    return Hours(starts_at, ends_at)


def _instant(place: Location, day: date, at: time, field: str) -> datetime:
    if not place.shows(day, at):
        words = _("The clocks go forward that night: there is no %(time)s.")
        raise Invalid.field(field, words % {"time": said(at)})
    return place.instant(day, at)


def clock_of(block: Block) -> Clock:
    """What clocks show where its car is; () for whole days."""
    if block.hours is None:
        return WHOLE_DAYS
    zone = block.car.location.zone
    return (
        block.hours.starts_at.astimezone(zone).time(),
        block.hours.ends_at.astimezone(zone).time(),
    )


def take_block(block: Block) -> None:
    """Claim its days, or its hours. Raises DatesTaken; then nothing may be kept."""
    if block.hours:
        claim_spans(block)
    else:
        claim(block)


def free_block(block: Block) -> None:
    """Give all back."""
    release(block)
    release_spans(block)


def booked(car_ids: Sequence[int], days: Days, hours: Hours | None = None) -> set[Any]:
    """The ids of the bookings that have one of the days, or touch these hours of them; gaps after rentals do not count."""
    rentals = CarAvailability.objects.filter(
        car__in=car_ids, date__range=(days.start, days.end), booking__isnull=False
    )
    rides = spans_on(car_ids, days).filter(booking__isnull=False)
    if hours:
        rides = rides.filter(starts_at__lt=hours.ends_at, ends_at__gt=hours.starts_at)
    return {
        *rentals.exclude(status=CarAvailability.Status.BUFFER).values_list("booking", flat=True),
        *rides.values_list("booking", flat=True),
    }


def in_order(ids: set[Any]) -> list[Booking]:
    """Those bookings with their cars, by their first day."""
    found = Booking.objects.filter(pk__in=ids).select_related("car")
    return list(found.order_by("start_date", "reference"))
