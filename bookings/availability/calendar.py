"""The months of a car's calendar as the page draws them, and the state of each day as the API says it."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bookings.availability import rules
from bookings.availability.as_of import AsOf
from bookings.availability.cache import Shown, cached_days
from bookings.availability.ledger import taken_reasons
from bookings.availability.rules import Now, Reason
from bookings.availability.still_out import not_back
from bookings.days import Days
from cars.models import Car
from exodrive.i18n.formats import day_full, weekday

MONTHS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """One day. `kind` says why it cannot be chosen ("" when it can), `mark` its place in the chosen range."""

    day: date
    kind: str  # "", booked, past, later
    mark: str  # "", start, mid, end, one
    today: bool
    alone: bool  # a pick-up day that waits for its return day

    @property
    def iso(self) -> str:
        return self.day.isoformat()

    @property
    def number(self) -> int:
        return self.day.day

    @property
    def before(self) -> str:
        """What a screen reader says before the number: "Thursday "."""
        return _around(self.day, get_language() or "en")[0]

    @property
    def after(self) -> str:
        """What it says after the number: " March 2027"."""
        return _around(self.day, get_language() or "en")[1]

    @property
    def word(self) -> str:
        """The state in words, with its comma; "" for a plain free day."""
        words = {
            "booked": _("booked"),
            "past": _("past"),
            "later": _("not bookable yet"),
            "start": _("pick-up"),
            "mid": _("in your rental"),
            "end": _("return"),
            "one": _("pick-up and return"),
        }
        state = self.kind or self.mark
        return f", {words[state]}" if state else ""


@dataclass(frozen=True, slots=True)
class Month:
    """One month in weeks from Monday, but for those that are over; None fills the ends."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The months to show, where the arrows lead (None: no further), and the next free days if there are none here."""

    view: date
    months: tuple[Month, ...]
    previous: date | None
    next: date | None
    next_free: Days | None

    @property
    def weekdays(self) -> list[tuple[str, str]]:
        """Names and short names of the seven weekdays, from Monday."""
        monday = date(2024, 1, 1)
        week = [monday + timedelta(days=n) for n in range(7)]
        return [(weekday(day), weekday(day, "short").capitalize()) for day in week]


@dataclass(frozen=True, slots=True)
class Window:
    """Which days of a car can be chosen at all: from `first` to `last`, but not the `taken` ones."""

    today: date
    first: date
    last: date
    taken: Set[date]

    def why_not(self, day: date) -> str:
        """ "" when the day can be chosen."""
        if day < self.first:
            return "past"
        if day > self.last:
            return "later"
        return "booked" if day in self.taken else ""

    def next_free(self, after: date) -> Days | None:
        """The first run of free days that starts on or after `after`."""
        day = max(after, self.first)
        while day <= self.last and self.why_not(day):
            day += timedelta(days=1)
        if day > self.last:
            return None
        end = day
        while not self.why_not(end + timedelta(days=1)):
            end += timedelta(days=1)
        return Days(day, end)


def month_of(day: date, step: int = 0) -> date:
    """The first day of the month that is `step` months after that of `day`."""
    index = day.year * 12 + day.month - 1 + step
    return date(index // 12, index % 12 + 1, 1)


def calendar(window: Window, *, view: date, start: date | None, end: date | None) -> Calendar:
    """The months from `view` on, kept between today's month and that of the last bookable day."""
    first_month, last_month = month_of(window.today), month_of(window.last)
    view = min(max(month_of(view), first_month), last_month)
    shown = [month_of(view, step) for step in range(MONTHS_SHOWN) if month_of(view, step) <= last_month]
    months = tuple(_month(first, window, start, end) for first in shown)
    free_here = any(not window.why_not(day) for day in _days_of(view))
    return Calendar(
        view=view,
        months=months,
        previous=month_of(view, -1) if view > first_month else None,
        next=month_of(view, 1) if view < last_month else None,
        next_free=None
        if free_here
        else window.next_free(month_of(view, 1)) or window.next_free(window.first),
    )


def _days_of(first: date) -> list[date]:
    following = month_of(first, 1)
    return [first + timedelta(days=n) for n in range((following - first).days)]


def _month(first: date, window: Window, start: date | None, end: date | None) -> Month:
    cells: list[Cell | None] = [None] * first.weekday()
    cells += [_cell(day, window, start, end) for day in _days_of(first)]
    cells += [None] * (-len(cells) % 7)
    weeks = tuple(tuple(cells[n : n + 7]) for n in range(0, len(cells), 7))
    return Month(first, tuple(week for week in weeks if not _is_over(week, window.today)))


def _is_over(week: tuple[Cell | None, ...], today: date) -> bool:
    return max(cell.day for cell in week if cell) < today - timedelta(days=today.weekday())


def _cell(day: date, window: Window, start: date | None, end: date | None) -> Cell:
    mark = _mark(day, start, end)
    return Cell(day, window.why_not(day), mark, day == window.today, mark == "start" and end is None)


def _mark(day: date, start: date | None, end: date | None) -> str:
    if start is None or (end is not None and end < start):
        return ""
    if day == start:
        return "one" if end == start else "start"
    if end is None or not start < day <= end:
        return ""
    return "end" if day == end else "mid"


@lru_cache(maxsize=4000)
def _around(day: date, language: str) -> tuple[str, str]:
    """The full date, split around its day number: the visible number stands inside the name, so "click 11" works."""
    before, _number, after = day_full(day).partition(str(day.day))
    return before, after


@dataclass(frozen=True, slots=True)
class DayState:
    """One day in a calendar. `state` is free, booked, or past (which covers days nobody can book any more or yet)."""

    date: date
    state: str
    reason: Reason | None = None

    @property
    def is_free(self) -> bool:
        """Whether it can be part of a rental."""
        return self.state == "free"


def day_states(
    car: Car, first: date, last: date, *, as_of: AsOf, shown: Shown | None = None
) -> list[DayState]:
    """Every day from `first` to `last`, for a calendar. One query, or none where it is known what is taken."""
    shown = shown or cached_days(car, first, last, as_of=as_of)
    now = Now.of(car.location, as_of.at)
    return [_state(car, day, shown, now) for day in Days(first, last)]


def _state(car: Car, day: date, shown: Shown, now: Now) -> DayState:
    one = Days(day, day)
    broken = next((reason for rule in rules.DAY_RULES if (reason := rule(car, one, now))), None)
    if broken:
        return DayState(day, "past", broken)
    if day in shown.taken:
        return DayState(day, "booked", taken_reasons(car, one, shown.taken)[0])
    if day == shown.late:
        return DayState(day, "booked", not_back())
    return DayState(day, "free")
