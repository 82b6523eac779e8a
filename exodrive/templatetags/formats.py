"""Filters for dates and money, built in to every template, and the icons of the site."""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any
from unicodedata import normalize
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from exodrive.i18n import formats

register = template.Library()


def _or_empty(function: Callable[[Any], str]) -> Callable[[Any], str]:
    def filtered(value: Any) -> str:
        return "" if value in (None, "") else function(value)

    return filtered


DATES = ("day", "day_long", "day_full", "day_short", "month", "month_name", "weekday", "clock")
for _name in ("money", "lasting", *DATES):
    register.filter(_name, _or_empty(getattr(formats, _name)))


@register.simple_tag
def plus_tax() -> str:
    """{% plus_tax %} behind a listed price: " plus tax" where prices are without."""
    return formats.plus_tax()


@register.filter
def span(start: date, end: date) -> str:
    """{{ start|span:end }}: "11–14 Mar"."""
    return formats.span(start, end)


@register.filter
def instant(value: datetime | None, zone: ZoneInfo) -> str:
    """{{ at|instant:location.zone }}: "Tue 9 Mar, 10:00"."""
    return formats.instant(value, zone) if value else ""


@register.filter
def clock_in(value: datetime | None, zone: ZoneInfo) -> str:
    """{{ at|clock_in:location.zone }}: "14:32"."""
    return formats.clock(value.astimezone(zone).timetz().replace(tzinfo=None)) if value else ""


@register.filter
def dialled(phone: str) -> str:
    """<a href="tel:{{ phone|dialled }}">: digits alone, after a + where the number has its country (RFC 3966)."""
    plain = normalize("NFKC", phone).replace("(0)", "").strip("\u2066\u202a ")
    digits = re.sub("[^0-9]", "", plain)
    return f"+{digits.removeprefix('00')}" if plain.startswith(("+", "(+", "00")) else digits


@cache
def _icons() -> dict[str, str]:
    """Every drawing in templates/icons by name, on one line."""
    files = (settings.BASE_DIR / "templates" / "icons").glob("*.svg")
    return {
        file.stem: re.sub(r"\s+", " ", re.sub(r"\s*\n\s*(?=[<>])|\n$", "", file.read_text()))
        for file in files
    }


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """{% icon "check" 20 %}: a decorative line icon. KeyError for a name that does not exist."""
    return mark_safe(_icons()[name].replace("<svg", f'<svg width="{int(size)}" height="{int(size)}"', 1))
