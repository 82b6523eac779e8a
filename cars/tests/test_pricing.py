"""Quotes: days by their own date, rounding per line, tax included or added."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.days import Days
from cars.pricing import LineItem, Quote, quote_rental


@dataclass
class Rates:
    daily_rate: Decimal
    weekend_rate: Decimal | None = None
    deposit: Decimal = Decimal(2000)
    pk: int = 1
    included_km_per_day: int = 200
    excess_km_price: Decimal = Decimal("0.80")


MONDAY = date(2027, 3, 8)
FRIDAY = date(2027, 3, 12)


def lines(quote):
    return [
        (line.code, line.quantity, str(line.unit_price), str(line.tax), str(line.amount))
        for line in quote.lines
    ]


def test_weekdays_cost_the_daily_rate_with_tax_included():
    quote = quote_rental(Rates(Decimal("240.00")), Days.starting(MONDAY, 4))
    assert lines(quote) == [("day", 4, "240.00", "160.00", "960.00")]
    assert (quote.total, quote.tax, quote.deposit, quote.currency) == (960, 160, 2000, "EUR")


def test_saturday_and_sunday_cost_the_weekend_rate():
    quote = quote_rental(Rates(Decimal("240.00"), Decimal("280.00")), Days.starting(FRIDAY, 4))
    assert lines(quote) == [
        ("day", 2, "240.00", "80.00", "480.00"),
        ("weekend_day", 2, "280.00", "93.33", "560.00"),
    ]
    assert quote.total == Decimal("1040.00")


@pytest.mark.parametrize("weekend", [None, Decimal("240.00")])
def test_without_a_rate_of_its_own_the_weekend_is_like_any_day(weekend):
    quote = quote_rental(Rates(Decimal("240.00"), weekend), Days.starting(FRIDAY, 4))
    assert [line.code for line in quote.lines] == ["day"]


def test_tax_is_added_where_the_business_says_so(settings):
    settings.TAX_INCLUDED, settings.TAX_RATE = False, "19"
    quote = quote_rental(Rates(Decimal("99.99")), Days.starting(MONDAY, 3))
    assert lines(quote) == [("day", 3, "99.99", "56.99", "356.96")]


@pytest.mark.parametrize(
    ("rate", "tax"),
    [("0.03", "0.01"), ("0.33", "0.06"), ("0.15", "0.03"), ("10.05", "1.68"), ("10.01", "1.67")],
)
def test_tax_is_rounded_half_up_to_a_cent(rate, tax):
    assert str(quote_rental(Rates(Decimal(rate)), [MONDAY]).tax) == tax


def test_a_frozen_quote_reads_back_the_same():
    quote = quote_rental(Rates(Decimal("240.00"), Decimal("280.00")), Days.starting(FRIDAY, 4))
    assert Quote.from_json(quote.as_json()) == quote


def test_an_unknown_line_shows_its_code():
    assert LineItem("toll", 1, Decimal(1), Decimal(0), Decimal(1)).label == "toll"


money = st.decimals(min_value="0.01", max_value="9999.99", places=2)


@given(rate=money, weekend=st.none() | money, length=st.integers(2, 60), cut=st.integers(1, 59))
def test_the_price_is_the_sum_of_its_parts(rate, weekend, length, cut):
    cut = min(cut, length - 1)
    rates = Rates(rate, weekend)
    whole = quote_rental(rates, Days.starting(MONDAY, length)).total
    days = list(Days.starting(MONDAY, length))
    assert whole == quote_rental(rates, days[:cut]).total + quote_rental(rates, days[cut:]).total


@given(rate=money, weekend=st.none() | money, length=st.integers(1, 60))
def test_lines_and_tax_add_up(rate, weekend, length):
    quote = quote_rental(Rates(rate, weekend), Days.starting(FRIDAY, length))
    assert sum(line.quantity for line in quote.lines) == length
    assert quote.total == sum(line.amount for line in quote.lines)
    assert all(0 <= line.tax < line.amount for line in quote.lines)
