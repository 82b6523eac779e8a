"""Filters for dates and money, built in to every template, and the icons of the site."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.safestring import SafeString, mark_safe

from exodrive.i18n import formats

register = template.Library()


def _or_empty(function: Callable[[Any], str]) -> Callable[[Any], str]:
    def filtered(value: Any) -> str:
        return "" if value in (None, "") else function(value)

    return filtered


for _name in ("money", "day", "day_long", "day_full", "day_short", "month", "month_name", "weekday", "clock"):
    register.filter(_name, _or_empty(getattr(formats, _name)))


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


ICONS = {
    "back": '<path d="m15 5-7 7 7 7"/>',
    "next": '<path d="m9 5 7 7-7 7"/>',
    "down": '<path d="m6 9 6 6 6-6"/>',
    "globe": '<circle cx="12" cy="12" r="9"/>'
    '<path d="M3 12h18M12 3c3 3 3.800 6 3.800 9S15 18 12 21c-3-3-3.800-6-3.800-9S9 6 12 3z"/>',
    "grid": '<rect x="4" y="4" width="7" height="7" rx="1.500"/><rect x="13" y="4" width="7" height="7" rx="1.500"/>'
    '<rect x="4" y="13" width="7" height="7" rx="1.500"/><rect x="13" y="13" width="7" height="7" rx="1.500"/>',
    "seat": '<path d="M7 4v8a3 3 0 0 0 3 3h5l2 5M7 20h8M7 9h5"/>',
    "gearbox": '<circle cx="6" cy="6" r="2"/><circle cx="12" cy="6" r="2"/><circle cx="18" cy="6" r="2"/>'
    '<circle cx="6" cy="18" r="2"/><circle cx="12" cy="18" r="2"/><path d="M6 8v8M12 8v8M18 8v4H6"/>',
    "power": '<path d="M13 3 5 14h6l-1 7 8-11h-6z"/>',
    "fuel": '<path d="M5 20V6a2 2 0 0 1 2-2h5a2 2 0 0 1 2 2v14M4 20h11M5 11h9M14 9l3 1v7a1.5 1.5 0 0 0 3 0V9l-3-3"/>',
    "check": '<path d="m5 12.500 4.500 4.500L19 7.500"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5M12 8h.01"/>',
    "warn": '<path d="M12 4 2.500 20h19zM12 10v4M12 17h.01"/>',
    "calendar": '<rect x="4" y="5" width="16" height="15" rx="2"/><path d="M4 10h16M8 3v4M16 3v4"/>',
    "print": '<path d="M7 9V4h10v5M7 17H4v-7h16v7h-3M7 14h10v6H7z"/>',
    "search": '<circle cx="11" cy="11" r="6.500"/><path d="m16 16 4.500 4.500"/>',
    "pin": '<path d="M12 21s7-6.200 7-11.500A7 7 0 0 0 5 9.500C5 14.800 12 21 12 21z"/>'
    '<circle cx="12" cy="9.500" r="2.500"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.500 2"/>',
    "door": '<path d="M6 20V5l8-2v18M4 20h16M11 12h.01"/>',
}
HEAVIER = {"back": 2.25, "next": 2.25, "down": 2.25, "check": 2.25, "grid": 2}


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """{% icon "check" 20 %}: a decorative line icon. KeyError for a name that does not exist."""
    width = HEAVIER.get(name, 1.75)
    return mark_safe(
        f'<svg width="{int(size)}" height="{int(size)}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        f' stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"'
        f' focusable="false">{ICONS[name]}</svg>'
    )
