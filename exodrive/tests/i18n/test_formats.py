"""Dates and money as people of each language read them."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from exodrive.i18n import formats
from exodrive.money import Money
from exodrive.tests.support.money import eur

DAY, END = date(2027, 3, 11), date(2027, 3, 14)
NBSP, NARROW = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("language", "day", "long", "short", "month", "span", "price"),
    [
        ("en", "Thu 11 Mar", "Thu 11 March 2027", "11 Mar", "March 2027", "11–14 Mar", "€1,240"),
        ("es", "jue 11 mar", "jue 11 de marzo de 2027", "11 mar", "marzo 2027", "11–14 mar", f"1.240{NBSP}€"),
        (
            "fr",
            "jeu. 11 mars",
            "jeu. 11 mars 2027",
            "11 mars",
            "mars 2027",
            "11–14 mars",
            f"1{NARROW}240{NBSP}€",
        ),
        (
            "pt",
            "quinta 11 mar.",
            "quinta 11 de março de 2027",
            "11 mar.",
            "março 2027",
            "11–14 mar.",
            f"1{NBSP}240{NBSP}€",
        ),
    ],
)
def test_each_language_has_its_own_way(language, day, long, short, month, span, price):
    with override(language):
        assert formats.day(DAY) == day
        assert formats.day_long(DAY) == long
        assert formats.day_short(DAY) == short
        assert formats.month(DAY) == month
        assert formats.span(DAY, END) == span
        assert formats.money(eur(1240)) == price


def test_a_span_says_what_differs():
    assert formats.span(DAY, DAY) == "11 Mar"
    assert formats.span(DAY, date(2027, 4, 2)) == "11 Mar – 2 Apr"
    assert formats.span(date(2026, 12, 30), date(2027, 1, 2)) == "30 Dec 2026 – 2 Jan 2027"


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("240.00", "EUR", "€240"),
        ("12.50", "EUR", "€12.50"),
        ("-5", "EUR", "-€5"),
        ("0", "EUR", "€0"),
        ("12.5", "CHF", "CHF12.50"),
        ("24000.00", "JPY", "JP¥24,000"),
        ("99.50", "JPY", "JP¥100"),
        ("99.5", "HUF", "HUF99.50"),
        ("1.5", "KWD", "KWD1.500"),
    ],
)
def test_cents_are_shown_where_there_are_any(amount, currency, text):
    assert formats.money(Money(Decimal(amount), currency)) == text


def test_clock_times_are_local_and_have_24_hours():
    at = datetime(2027, 3, 11, 21, 30, tzinfo=UTC)
    assert formats.clock(time(9, 5)) == "09:05"
    assert formats.instant(at, ZoneInfo("Europe/Paris")) == "Thu 11 Mar, 22:30"
    assert formats.instant(at, ZoneInfo("Pacific/Auckland")) == "Fri 12 Mar, 10:30"
