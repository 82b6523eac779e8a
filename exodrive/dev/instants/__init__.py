"""The instants at which rules about days break: ends of months and years, clock changes, the leap day.

`make instants`, a part of `make soak`, runs the tests at each of them, with libfaketime under Python, PostgreSQL and
Valkey alike.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
YEARS = 8  # between two leap days, at most: 2096 and 2104


def instants(now: datetime) -> list[tuple[str, datetime]]:
    """What is special about an instant, and when it comes next after `now`, in UTC; the nearest first."""
    found = [
        ("the 31st of a month", _next(now, time(23, 40), _is_a_31st)),
        ("the last hour of the year", _next(now, time(23, 20), _is_new_years_eve)),
        ("29 February", _next(now, time(12), _is_leap_day)),
        ("the night before the clocks go forward", _next(now, time(21, 40), _hour_is_lost_tomorrow)),
        # Four minutes before midnight in Paris: the run goes across it.
        ("the night before the clocks go back", _next(now, time(21, 56), _hour_comes_twice_tomorrow)),
    ]
    return sorted(found, key=lambda named: named[1])


def _next(now: datetime, at: time, wanted: Callable[[date], bool]) -> datetime:
    today = now.astimezone(UTC).date()
    for n in range(YEARS * 366 + 1):
        moment = datetime.combine(today + timedelta(days=n), at, tzinfo=UTC)
        if moment > now and wanted(moment.date()):
            return moment
    raise ValueError(f"no such day within {YEARS} years of {today}")


def _is_a_31st(day: date) -> bool:
    return day.day == 31 and day.month != 12  # December's has an instant of its own


def _is_new_years_eve(day: date) -> bool:
    return (day.month, day.day) == (12, 31)


def _is_leap_day(day: date) -> bool:
    return (day.month, day.day) == (2, 29)


def _hour_is_lost_tomorrow(day: date) -> bool:
    return _hours_gained(day + timedelta(days=1)) > 0


def _hour_comes_twice_tomorrow(day: date) -> bool:
    return _hours_gained(day + timedelta(days=1)) < 0


@cache
def _hours_gained(day: date) -> float:
    """By how much the clocks of Paris are further from UTC at the end of a day than at its beginning, in hours."""
    begin, end = (datetime.combine(each, time(), tzinfo=PARIS) for each in (day, day + timedelta(days=1)))
    return ((end.utcoffset() or timedelta()) - (begin.utcoffset() or timedelta())) / timedelta(hours=1)
