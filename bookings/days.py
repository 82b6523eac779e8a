"""A range of calendar days, both ends included. Dates, never instants: the location's time zone gives them meaning."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from bookings.errors import Invalid

ONE_DAY = timedelta(days=1)
# Days outside of it are typing mistakes; it also keeps every sum of days and buffers far from the calendar's end.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Days:
    """From `start` to `end`, both included; the same date twice is one day."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("end before start")

    @classmethod
    def parse(cls, start: Any, end: Any) -> "Days":
        """Days from ISO dates (YYYY-MM-DD) or dates, FIRST_DAY to LAST_DAY. Raises Invalid, naming `start` or `end`."""
        first, last = _parsed("start", start), _parsed("end", end)
        if last < first:
            raise Invalid.field("end", _("Return day must be the same as or after the pick-up day"))
        return cls(first, last)

    @classmethod
    def starting(cls, start: date, length: int) -> "Days":
        """`length` days from `start`."""
        return cls(start, start + timedelta(days=length - 1))

    def __len__(self) -> int:
        return (self.end - self.start).days + 1

    def __iter__(self) -> Iterator[date]:
        return (self.start + timedelta(days=n) for n in range(len(self)))

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day <= self.end

    def __str__(self) -> str:
        return self.isoformat

    @property
    def isoformat(self) -> str:
        """`2027-03-11/2027-03-14`."""
        return f"{self.start.isoformat()}/{self.end.isoformat()}"

    def with_buffer(self, days: int) -> "Days":
        """These days and `days` more after them."""
        return Days(self.start, self.end + timedelta(days=days))


def _parsed(name: str, value: Any) -> date:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value or "")[:10])
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValueError
        return day
    except ValueError:
        missing = {"start": _("Choose a pick-up day"), "end": _("Choose a return day")}
        raise Invalid.field(name, missing[name]) from None
