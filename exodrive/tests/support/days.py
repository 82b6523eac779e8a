"""Days for tests, computed from today: no literal date ever lies on the wrong side of it.

Today is Europe/Paris', where LocationFactory's locations are. Every day is at least `ahead` days away, so that no
lead time is in the way, and less than a year, so that no horizon is; a clock change alone may be further.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS, MADEIRA = ZoneInfo("Europe/Paris"), ZoneInfo("Atlantic/Madeira")
AHEAD = 40
LAST = 360  # days, within the default horizon


def first_day(
    fits: Callable[[date], bool], *, ahead: int = AHEAD, last: int = LAST, today: date | None = None
) -> date:
    """The first day for which `fits` is true. Raises ValueError when there is none within `last` days."""
    today = today or datetime.now(PARIS).date()
    for n in range(ahead, last):
        if fits(day := today + timedelta(days=n)):
            return day
    raise ValueError(f"no such day from {ahead} to {last} days after {today}")


def monday(*, days: int = 14, ahead: int = AHEAD, today: date | None = None) -> date:
    """A Monday that begins `days` days without a clock change."""
    return first_day(lambda day: day.weekday() == 0 and is_quiet(day, days), ahead=ahead, today=today)


def monday_of_two_months(*, ahead: int = AHEAD, today: date | None = None) -> date:
    """A Monday whose first week lies in one month and whose fourth in the next one of the same year."""

    def fits(day: date) -> bool:
        return day.weekday() == 0 and 6 <= day.day <= 20 and day.month < 12

    return first_day(fits, ahead=ahead, today=today)


def inside_month(days: int, *, ahead: int = AHEAD, today: date | None = None) -> date:
    """The first of `days` days in one month. Raises ValueError for more than a month has."""
    return first_day(
        lambda day: (day + timedelta(days=days - 1)).month == day.month, ahead=ahead, today=today
    )


def clock_change(zone: ZoneInfo = PARIS, *, forward: bool, today: date | None = None) -> date:
    """A day with 23 (`forward`) or 25 hours. It may lie more than a year ahead: give its bookings an `at` before it."""
    hours = 23 if forward else 25
    return first_day(
        lambda day: length_of(day, zone) == timedelta(hours=hours), last=AHEAD + 53 * 7 + 1, today=today
    )


def noon(day: date) -> datetime:
    """Twelve o'clock in Paris."""
    return datetime.combine(day, time(12), tzinfo=PARIS)


def is_quiet(day: date, days: int) -> bool:
    """Whether no clock changes on any of `days` days, nor on the one before."""
    each = [day + timedelta(days=n) for n in range(-1, days)]
    return all(length_of(one, zone) == timedelta(hours=24) for one in each for zone in (PARIS, MADEIRA))


def length_of(day: date, zone: ZoneInfo) -> timedelta:
    """From one midnight to the next."""
    begin, end = (datetime.combine(each, time(), tzinfo=zone) for each in (day, day + timedelta(days=1)))
    return timedelta(seconds=end.timestamp() - begin.timestamp())
