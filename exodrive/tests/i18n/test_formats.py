"""Dates and money as people of each language read them."""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils.translation import override

from exodrive.i18n import formats
from exodrive.money import Money
from exodrive.templatetags.formats import dialled
from exodrive.tests.support.money import eur

DAY, END = date(2027, 3, 11), date(2027, 3, 14)
NBSP, NARROW = "\u00a0", "\u202f"


@pytest.fixture(autouse=True)
def that_year(monkeypatch):
    monkeypatch.setattr(formats, "this_year", lambda: 2027)


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


OFFICE = {n: ((time(8), time(18)),) for n in range(5)} | {5: ((time(9), time(12)),)}
WITH_A_BREAK = dict.fromkeys(range(7), ((time(9), time(12)), (time(14), time(18))))


@pytest.mark.parametrize(
    ("language", "week", "text"),
    [
        ("en", OFFICE, "Mon–Fri 08:00–18:00, Sat 09:00–12:00, closed Sun"),
        ("fr", OFFICE, "lun.–ven. 08:00–18:00, sam. 09:00–12:00, fermé dim."),
        ("es", OFFICE, "lun–vie 08:00–18:00, sáb 09:00–12:00, cerrado dom"),
        ("pt", OFFICE, "segunda–sexta 08:00–18:00, sábado 09:00–12:00, fechado domingo"),
        ("en", dict.fromkeys(range(7), ((time(10), time(16)),)), "Mon–Sun 10:00–16:00"),
        ("en", {1: ((time(10), time(16)),)}, "Tue 10:00–16:00, closed Mon, Wed–Sun"),
        ("en", WITH_A_BREAK, "Mon–Sun 09:00–12:00 and 14:00–18:00"),
        ("fr", WITH_A_BREAK, "lun.–dim. 09:00–12:00 et 14:00–18:00"),
        ("es", WITH_A_BREAK, "lun–dom 09:00–12:00 y 14:00–18:00"),
        ("pt", WITH_A_BREAK, "segunda–domingo 09:00–12:00 e 14:00–18:00"),
        ("en", {}, ""),
    ],
)
def test_opening_hours_say_what_differs(language, week, text):
    with override(language):
        assert formats.opening_hours(week) == text


def test_clock_times_are_local_and_have_24_hours():
    at = datetime(2027, 3, 11, 21, 30, tzinfo=UTC)
    assert formats.clock(time(9, 5)) == "09:05"
    assert formats.instant(at, ZoneInfo("Europe/Paris")) == "Thu 11 Mar, 22:30"
    assert formats.instant(at, ZoneInfo("Pacific/Auckland")) == "Fri 12 Mar, 10:30"


@pytest.mark.parametrize(
    ("language", "day", "short", "span", "long_span"),
    [
        ("en", "Sat 11 Mar 2028", "11 Mar 2028", "11–14 Mar 2028", "11 Mar – 2 Apr 2028"),
        ("es", "sáb 11 mar 2028", "11 mar 2028", "11–14 mar 2028", "11 mar – 2 abr 2028"),
        ("fr", "sam. 11 mars 2028", "11 mars 2028", "11–14 mars 2028", "11 mars – 2 avr. 2028"),
        ("pt", "sábado 11 mar. 2028", "11 mar. 2028", "11–14 mar. 2028", "11 mar. – 2 abr. 2028"),
    ],
)
def test_another_year_than_this_one_is_said(language, day, short, span, long_span):
    start = DAY.replace(year=2028)
    at = datetime(2028, 3, 11, 21, 30, tzinfo=UTC)
    with override(language):
        assert formats.day(start) == day
        assert formats.day_short(start) == short
        assert formats.span(start, start) == short
        assert formats.span(start, END.replace(year=2028)) == span
        assert formats.span(start, date(2028, 4, 2)) == long_span
        assert formats.instant(at, ZoneInfo("Europe/Paris")) == f"{day}, 22:30"


def test_no_page_writes_a_day_or_dials_in_a_way_of_its_own():
    machine = re.compile(r"""\|date:["'](Y-m|Y-m-d|c)["']""")
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.*")):
        text = path.read_text()
        assert "|date" not in machine.sub("", text), path
        for number in re.findall(r'href="tel:([^"]*)"', text):
            assert number == "{{ tel }}" or number.endswith("|dialled }}"), path
        assert all(value.endswith("|dialled") for value in re.findall(r"\btel=(\S+)", text)), path
    for package in ("bookings", "cars", "inbox", "exodrive"):
        for path in sorted((settings.BASE_DIR / package).rglob("*.py")):
            ours = path.name == "formats.py" or "tests" in path.parts
            assert ours or "format_date(" not in path.read_text(), path


@pytest.mark.parametrize(
    ("typed", "dialled_as"),
    [
        ("+351 912 000 418", "+351912000418"),
        ("00351 912-000.418", "+351912000418"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("(+34) 600 123 456", "+34600123456"),
        ("020 7946 0958 ext", "02079460958"),
        ("\uff0b34 \uff16\uff10\uff10", "+34600"),
        ('1"><script>+2', "12"),
        ("٣٤", ""),
    ],
)
def test_a_number_is_dialled_by_its_digits(typed, dialled_as):
    assert dialled(typed) == dialled_as
