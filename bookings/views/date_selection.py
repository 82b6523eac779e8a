"""Choosing days on a car's page: what the address says, what the calendar's rule makes of it, what speaks against it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core import signing
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.availability import alternatives, ledger, rules
from bookings.availability.alternatives import Alternative
from bookings.availability.as_of import AsOf
from bookings.availability.cache import cached_taken_dates
from bookings.availability.calendar import Calendar, Window, calendar, month_of
from bookings.availability.rules import Now
from bookings.days import Days
from bookings.errors import Invalid
from bookings.forms.base import parse_days
from cars.models import Car
from cars.pricing.daily import Quote
from cars.pricing.tariff import quote
from exodrive.i18n import formats
from exodrive.i18n.formats import day, money

CHOSEN_SALT = "bookings.choosing"
NEAR = timedelta(days=alternatives.LOOK_AROUND)
MAX_DAYS = 366  # longer ranges get no alternatives
CHOSEN_LIFE = 24 * 3600  # seconds for which the moment of choosing is believed


@dataclass
class DateSelection:
    """The days chosen so far for one car. `problems` are sentences, `instead` what is free; a quote exists without any."""

    car: Car
    window: Window
    start: date | None = None
    end: date | None = None
    view: date | None = None
    note: str = ""
    problems: list[str] = field(default_factory=list)
    instead: list[Alternative] = field(default_factory=list)
    quote: Quote | None = None

    @property
    def days(self) -> Days | None:
        """The range, once it is complete, the right way round and no typing mistake."""
        try:
            return Days.parse(self.start, self.end)
        except Invalid:
            return None

    @property
    def hint(self) -> str:
        """The sentence above the calendar."""
        if self.problems:
            return _("Choose your pick-up day.")
        if self.days and self.quote:
            return _from_to(self.days)
        ask = _("Now choose your return day.") if self.start else _("Choose your pick-up day.")
        return f"{self.note} {ask}".strip()

    @property
    def spoken(self) -> str:
        """What a screen reader is told when the range is complete."""
        if self.problems:
            return " ".join([*self.problems, *self._spoken_instead])
        if not (self.days and self.quote):
            return self.hint
        n = len(self.days)
        length = ngettext("%(n)d day", "%(n)d days", n) % {"n": n}
        words = _("%(range)s. %(length)s, %(total)s.")
        return words % {"range": _from_to(self.days), "length": length, "total": money(self.quote.total)}

    @property
    def _spoken_instead(self) -> list[str]:
        if not self.instead:
            return []
        found = [
            f"{other.car.name}, {_from_to(other.days)}, {money(other.quote.total)}" for other in self.instead
        ]
        return [_("Free instead: %(cars)s.") % {"cars": "; ".join(found)}]

    @property
    def calendar(self) -> Calendar:
        """The months to draw."""
        free = self.window.next_free(self.window.first)
        view = self.view or self.start or (free.start if free else self.window.first)
        return calendar(self.window, view=view, start=self.start, end=self.end)


def window_of(car: Car, *, as_of: AsOf) -> Window:
    """Which days of the car can be chosen now."""
    now = Now.of(car.location, as_of.at)
    last = rules.last_bookable_day(car, now)
    taken = cached_taken_dates(car, now.today, last, as_of=as_of)
    return Window(
        today=now.today, first=rules.first_bookable_day(car, now), last=last, taken=frozenset(taken)
    )


def choice_from(query: Mapping[str, Any], car: Car, window: Window, *, as_of: AsOf) -> DateSelection:
    """What the address of the car page says: two dates, a day or a month pressed, or "Check dates"."""
    choice = DateSelection(
        car, window, start=typed_date(query.get("start")), end=typed_date(query.get("end"))
    )
    choice.view = typed_month(query.get("month")) or typed_month(query.get("view"))
    pressed = typed_date(query.get("pick"))
    if pressed and not window.why_not(pressed):
        picked = pick(choice.start, choice.end, pressed, blocked=set(window.taken), longest=car.longest)
        choice.start, choice.end, choice.note = picked.start, picked.end, picked.note
    if "check" in query:
        choice.view = None
    if "check" in query or (choice.start and choice.end):
        judge(choice, as_of=as_of)
    return choice


def judge(choice: DateSelection, *, as_of: AsOf) -> None:
    """Price the range, or say everything that speaks against it."""
    try:
        days = parse_days(choice.start and choice.start.isoformat(), choice.end and choice.end.isoformat())
    except Invalid as error:
        choice.problems = [str(error.message)]
        return
    broken = ledger.reasons(choice.car, days, as_of=as_of)
    if broken:
        refuse(choice, [reason.message for reason in broken], as_of=as_of)
    else:
        choice.quote = quote(choice.car, days)


def refuse(choice: DateSelection, sentences: list[str], *, as_of: AsOf) -> None:
    """Say everything that speaks against the range, and what is free instead."""
    choice.problems, choice.quote = sentences, None
    days, window = choice.days, choice.window
    # Days far outside the calendar are a slip or a probe: nothing near them can be offered.
    if days and len(days) <= MAX_DAYS and window.today - NEAR <= days.start <= window.last + NEAR:
        choice.instead = alternatives.alternatives(choice.car, days, as_of=as_of)


def stamp(choice: DateSelection, given: str, at: datetime) -> str:
    """When the range was chosen, signed: the stamp that came along if it is for these days, else a new one."""
    if not choice.quote or not choice.days:
        return ""
    if chosen_at(given, choice.car, choice.days):
        return given
    return signing.dumps(
        [choice.car.pk, choice.days.isoformat, at.isoformat()], salt=CHOSEN_SALT, compress=True
    )


def chosen_at(given: str, car: Car, days: Days) -> datetime | None:
    """The instant in a stamp for this car and these days; None when there is none to believe."""
    try:
        car_id, span, instant = signing.loads(given, salt=CHOSEN_SALT, max_age=CHOSEN_LIFE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return datetime.fromisoformat(instant) if (car_id, span) == (car.pk, days.isoformat) else None


def _from_to(days: Days) -> str:
    if len(days) == 1:
        return day(days.start)
    return _("%(from)s to %(to)s") % {"from": day(days.start), "to": day(days.end)}


def typed_date(value: Any) -> date | None:
    """A day as an address or a form says it; None for what is none."""
    try:
        return parse_date(str(value or ""))
    except ValueError:
        return None


def typed_month(value: Any) -> date | None:
    """The first day of a month as an address or a form says it."""
    found = typed_date(f"{value}-01") if value else None
    return month_of(found) if found else None


@dataclass(frozen=True, slots=True)
class Picked:
    """What the two date fields hold after a day was pressed, and a sentence when it was not what one expects."""

    start: date
    end: date | None = None
    note: str = ""


def pick(start: date | None, end: date | None, day: date, *, blocked: set[date], longest: int) -> Picked:
    """The calendar's rule, the same as in `static/js/calendar.js`; one fixture tests both.

    No start yet, or a finished range, or a day before the start: a new start. A blocked day in between, or too many
    days: a new start, with a note. Otherwise the range is complete.
    """
    if start is None or end is not None or day < start:
        return Picked(day)
    crossed = next((d for d in Days(start, day) if d in blocked), None)
    if crossed:
        words = _("%(day)s is booked, so we started again from the day you chose.")
        return Picked(day, note=words % {"day": formats.day(crossed)})
    if len(Days(start, day)) > longest:
        words = ngettext("You can book %(n)d day at most.", "You can book %(n)d days at most.", longest)
        return Picked(day, note=words % {"n": longest})
    return Picked(start, day)
