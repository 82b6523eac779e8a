"""Dates, times and money as people read them, in en-GB, es-ES, fr-FR and pt-PT. All by Babel's CLDR data."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from exodrive.money import Money, digits_of

LOCALES = {"en": "en_GB", "es": "es_ES", "fr": "fr_FR", "pt": "pt_PT"}


def locale() -> str:
    """Babel's name for the reader's language; plain `pt` would mean Brazil."""
    return LOCALES.get((get_language() or "en")[:2], "en_GB")


def money(value: Money) -> str:
    """ "€240" or "240 €"; cents only where there are any."""
    amount, currency = value.rounded().amount, value.currency
    whole = amount == amount.to_integral_value()
    digits = "" if whole else "." + "0" * digits_of(currency)
    pattern = {"en_GB": f"¤#,##0{digits}"}.get(locale(), f"#,##0{digits}\u00a0¤")
    return format_currency(amount, currency, pattern, locale=locale(), currency_digits=False)


def kilometres(value: int) -> str:
    """ "12,345 km"."""
    return f"{format_decimal(value, locale=locale())}\N{NO-BREAK SPACE}km"


def plus_tax() -> str:
    """ " plus tax" behind a price that is listed without, else nothing."""
    return "" if settings.TAX_INCLUDED else " " + _("plus tax")


def day(value: date) -> str:
    """ "Thu 11 Mar"; in another year than this one "Thu 11 Mar 2027"."""
    return format_date(value, f"EEE d MMM{_year(value)}", locale=locale())


def day_long(value: date) -> str:
    """ "Thu 11 March 2027"."""
    of = _of()
    return format_date(value, f"EEE d{of}MMMM{of}y", locale=locale())


def day_full(value: date) -> str:
    """ "Thursday 11 March 2027"."""
    return format_date(value, "full", locale=locale()).replace(", ", " " if locale() == "en_GB" else ", ")


def day_short(value: date) -> str:
    """ "11 Mar", or "11 Mar 2027"."""
    return format_date(value, f"d MMM{_year(value)}", locale=locale())


def month(value: date) -> str:
    """ "March 2027"."""
    return format_date(value, "MMMM y", locale=locale())


def month_name(value: date) -> str:
    """ "March"."""
    return format_date(value, "LLLL", locale=locale())


def weekday(value: date, width: str = "wide") -> str:
    """ "Thursday", or "Thu" (abbreviated), or "Th" (short)."""
    return format_date(
        value, {"wide": "cccc", "abbreviated": "ccc", "short": "cccccc"}[width], locale=locale()
    )


def span(start: date, end: date) -> str:
    """ "11–14 Mar", "30 Mar – 2 Apr", or one day; with the year unless it is this one, with both where they differ."""
    if start == end:
        return day_short(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day_short(end)}"
    if start.year == end.year:
        return f"{format_date(start, 'd MMM', locale=locale())} – {day_short(end)}"
    return " – ".join(format_date(value, "d MMM y", locale=locale()) for value in (start, end))


def clock(value: time | datetime) -> str:
    """ "10:00", on a 24-hour clock."""
    return format_time(value, "HH:mm", locale=locale())


def opening_hours(week: Mapping[int, Sequence[tuple[time, time]]]) -> str:
    """ "Mon–Fri 08:00–12:00 and 14:00–18:00, Sat 09:00–12:00, closed Sun"; "" where none are known. Monday is 0."""
    if not week:
        return ""
    runs = [(list(days), hours) for hours, days in groupby(range(7), week.get)]
    spans = [(_weekdays(days), hours) for days, hours in runs]
    hours_of = [f"{days} {hours_of_day(hours)}" for days, hours in spans if hours]
    closed = ", ".join(days for days, hours in spans if not hours)
    return ", ".join([*hours_of, _("closed %(days)s") % {"days": closed}] if closed else hours_of)


def hours_of_day(spans: Sequence[tuple[time, time]]) -> str:
    """ "08:00–12:00 and 14:00–18:00"."""
    return format_list([f"{clock(opens)}–{clock(closes)}" for opens, closes in spans], locale=locale())


def _weekdays(days: list[int]) -> str:
    names = [weekday(_A_MONDAY + timedelta(days=n), "abbreviated") for n in days]
    return names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}"


_A_MONDAY = date(2001, 1, 1)


def instant(value: datetime, zone: ZoneInfo) -> str:
    """ "Tue 9 Mar, 10:00" in the given time zone, with the year unless it is this one."""
    local = value.astimezone(zone)
    return f"{day(local.date())}, {clock(local.timetz().replace(tzinfo=None))}"


def this_year() -> int:
    """It goes without saying."""
    return timezone.localdate().year


def _year(value: date) -> str:
    return "" if value.year == this_year() else " y"


def _of() -> str:
    """Spanish and Portuguese say "11 de marzo de 2027"."""
    return " 'de' " if locale() in ("es_ES", "pt_PT") else " "


def listed_extras(extras: Iterable[tuple[str, int]]) -> str:
    """ "Child seat × 2, Roof box", or "none"."""
    return ", ".join(name if n == 1 else f"{name} × {n}" for name, n in extras) or _("none")


def number(value: Decimal | float, digits: int = 0) -> str:
    """ "1,240" or "1 240", "4.5" or "4,5": with at most so many decimals."""
    pattern = f"#,##0.{'#' * digits}" if digits else "#,##0"
    return format_decimal(value, pattern, locale=locale())


def percent(value: Decimal | float) -> str:
    """ "42.5%" or "42,5 %" of a share between 0 and 1."""
    return format_percent(value, "#,##0.#%" if locale() == "en_GB" else "#,##0.#\u00a0%", locale=locale())


def month_short(value: date) -> str:
    """ "Mar 2027"."""
    return format_date(value, "LLL y", locale=locale())


def lasting(minutes: int) -> str:
    """ "2 h 30 min"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(n)s min") % {"n": rest}
    if not rest:
        return _("%(n)s h") % {"n": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": f"{rest:02}"}
