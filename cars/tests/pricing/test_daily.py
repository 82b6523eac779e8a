# ruff: noqa: E501 (a table reads better in long lines)
"""Quotes: days by their own date, seasons, discounts, fees, extras; rounding per line, tax included or added."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import override_settings
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from bookings.days import Days
from cars.models import Discount, Extra, Fee, Season
from cars.pricing.daily import LineItem, PricingOptions, Quote, Tariff, quote_rental
from exodrive.money import Money
from exodrive.tests.support.money import eur


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
PLAIN = Rates(Decimal("240.00"))
WEEKEND = Rates(Decimal("240.00"), Decimal("280.00"))


def lines(quote):
    return [(x.code, x.quantity, x.unit_price.amount, str(x.amount.amount)) for x in quote.lines]


def season(first=0, length=7, pk=1, car=None, priority=0, rate=None, percent=None):
    start = MONDAY + timedelta(days=first)
    return Season(
        pk=pk,
        car_id=car,
        start_date=start,
        end_date=start + timedelta(days=length - 1),
        priority=priority,
        rate=None if rate is None else Decimal(rate),
        percent=percent,
        name="Spring",
        name_es="Primavera",
    )


def discount(days, percent, pk=1, car=None):
    return Discount(pk=pk, min_days=days, percent=Decimal(percent), car_id=car, name=f"{days} days")


def fee(kind, amount, pk=1, car=None, per="rental", location=None, below_age=None):
    return Fee(
        pk=pk,
        kind=kind,
        amount=Decimal(amount),
        per=per,
        car_id=car,
        location_id=location,
        below_age=below_age,
        name=kind,
    )


def extra(price, per="rental", pk=1):
    return Extra(pk=pk, price=Decimal(price), per=per, name="Roof box")


WEEK, MONTH = discount(7, "10"), discount(28, "25", pk=2)

# Rates, first day, length, tariff, pricing, the lines expected, the total.
DAYS = [
    (PLAIN, MONDAY, 1, {}, {}, [("day", 1, "240.00", "240.00")], "240.00"),
    (PLAIN, MONDAY, 4, {}, {}, [("day", 4, "240.00", "960.00")], "960.00"),
    (PLAIN, FRIDAY, 4, {}, {}, [("day", 4, "240.00", "960.00")], "960.00"),
    (PLAIN, MONDAY, 28, {}, {}, [("day", 28, "240.00", "6720.00")], "6720.00"),
    (WEEKEND, MONDAY, 5, {}, {}, [("day", 5, "240.00", "1200.00")], "1200.00"),
    (WEEKEND, MONDAY, 6, {}, {}, [("day", 5, "240.00", "1200.00"), ("weekend_day", 1, "280.00", "280.00")], "1480.00"),
    (WEEKEND, FRIDAY, 4, {}, {}, [("day", 2, "240.00", "480.00"), ("weekend_day", 2, "280.00", "560.00")], "1040.00"),
    (WEEKEND, FRIDAY + timedelta(days=1), 2, {}, {}, [("weekend_day", 2, "280.00", "560.00")], "560.00"),
    (Rates(Decimal("240.00"), Decimal("240.00")), FRIDAY, 3, {}, {}, [("day", 3, "240.00", "720.00")], "720.00"),
    (Rates(Decimal("0.01")), MONDAY, 3, {}, {}, [("day", 3, "0.01", "0.03")], "0.03"),
    (Rates(Decimal("99.99")), MONDAY, 3, {}, {}, [("day", 3, "99.99", "299.97")], "299.97"),
    (Rates(Decimal("100.00"), Decimal("80.00")), FRIDAY, 3, {}, {},
     [("day", 1, "100.00", "100.00"), ("weekend_day", 2, "80.00", "160.00")], "260.00"),
]  # fmt: skip
SEASONS = [
    (PLAIN, MONDAY, 2, {"seasons": [season(rate="300")]}, {}, [("season_day", 2, "300", "600.00")], "600.00"),
    (PLAIN, MONDAY, 2, {"seasons": [season(percent=120)]}, {}, [("season_day", 2, "288.00", "576.00")], "576.00"),
    (PLAIN, MONDAY, 2, {"seasons": [season(percent=80)]}, {}, [("season_day", 2, "192.00", "384.00")], "384.00"),
    # over the weekend rate
    (WEEKEND, FRIDAY, 4, {"seasons": [season(4, 4, rate="300")]}, {}, [("season_day", 4, "300", "1200.00")], "1200.00"),
    # begins in the middle
    (PLAIN, MONDAY, 4, {"seasons": [season(2, rate="300")]}, {},
     [("day", 2, "240.00", "480.00"), ("season_day", 2, "300", "600.00")], "1080.00"),
    # ends in the middle
    (PLAIN, MONDAY, 4, {"seasons": [season(-3, 4, rate="300")]}, {},
     [("day", 3, "240.00", "720.00"), ("season_day", 1, "300", "300.00")], "1020.00"),
    # between, with a weekend
    (WEEKEND, FRIDAY, 4, {"seasons": [season(5, 1, rate="300")]}, {},
     [("day", 2, "240.00", "480.00"), ("weekend_day", 1, "280.00", "280.00"), ("season_day", 1, "300", "300.00")], "1060.00"),
    # priority
    (PLAIN, MONDAY, 1, {"seasons": [season(rate="300"), season(rate="400", pk=2, priority=1)]}, {},
     [("season_day", 1, "400", "400.00")], "400.00"),
    (PLAIN, MONDAY, 1, {"seasons": [season(rate="300", priority=5), season(rate="400", pk=2, priority=1)]}, {},
     [("season_day", 1, "300", "300.00")], "300.00"),
    (PLAIN, MONDAY, 1, {"seasons": [season(rate="300", priority=-1), season(rate="400", pk=2)]}, {},
     [("season_day", 1, "400", "400.00")], "400.00"),
    # the car's own before the fleet's, with equal priority
    (PLAIN, MONDAY, 1, {"seasons": [season(rate="300", pk=9), season(rate="350", pk=2, car=1)]}, {},
     [("season_day", 1, "350", "350.00")], "350.00"),
    (PLAIN, MONDAY, 1, {"seasons": [season(rate="300", pk=9, priority=1), season(rate="350", pk=2, car=1)]}, {},
     [("season_day", 1, "300", "300.00")], "300.00"),
    # another car's
    (PLAIN, MONDAY, 1, {"seasons": [season(rate="300", car=2)]}, {}, [("day", 1, "240.00", "240.00")], "240.00"),
    # two in a row
    (PLAIN, MONDAY, 4, {"seasons": [season(0, 2, rate="300"), season(2, 2, pk=2, rate="200")]}, {},
     [("season_day", 2, "300", "600.00"), ("season_day", 2, "200", "400.00")], "1000.00"),
    # rounded half up, per day
    (Rates(Decimal("99.99")), MONDAY, 2, {"seasons": [season(percent=115)]}, {}, [("season_day", 2, "114.99", "229.98")], "229.98"),
    (Rates(Decimal("0.50")), MONDAY, 1, {"seasons": [season(percent=101)]}, {}, [("season_day", 1, "0.51", "0.51")], "0.51"),
]  # fmt: skip
DISCOUNTS = [
    (PLAIN, MONDAY, 6, {"discounts": [WEEK, MONTH]}, {}, [("day", 6, "240.00", "1440.00")], "1440.00"),
    (PLAIN, MONDAY, 7, {"discounts": [WEEK, MONTH]}, {},
     [("day", 7, "240.00", "1680.00"), ("discount", 1, "-168.00", "-168.00")], "1512.00"),
    (PLAIN, MONDAY, 27, {"discounts": [WEEK, MONTH]}, {},
     [("day", 27, "240.00", "6480.00"), ("discount", 1, "-648.00", "-648.00")], "5832.00"),
    (PLAIN, MONDAY, 28, {"discounts": [WEEK, MONTH]}, {},
     [("day", 28, "240.00", "6720.00"), ("discount", 1, "-1680.00", "-1680.00")], "5040.00"),
    # the larger one only, whichever is longer
    (PLAIN, MONDAY, 28, {"discounts": [discount(7, "30"), MONTH]}, {},
     [("day", 28, "240.00", "6720.00"), ("discount", 1, "-2016.00", "-2016.00")], "4704.00"),
    # for a car
    (PLAIN, MONDAY, 7, {"discounts": [WEEK, discount(7, "15", pk=3, car=1)]}, {},
     [("day", 7, "240.00", "1680.00"), ("discount", 1, "-252.00", "-252.00")], "1428.00"),
    (PLAIN, MONDAY, 7, {"discounts": [discount(7, "15", car=2)]}, {}, [("day", 7, "240.00", "1680.00")], "1680.00"),
    # on all day lines, not on fees and extras
    (WEEKEND, MONDAY, 7, {"discounts": [WEEK], "fees": [fee("cleaning", "50")]}, {},
     [("day", 5, "240.00", "1200.00"), ("weekend_day", 2, "280.00", "560.00"), ("discount", 1, "-176.00", "-176.00"),
      ("fee_cleaning", 1, "50", "50.00")], "1634.00"),
    (PLAIN, MONDAY, 7, {"discounts": [WEEK], "seasons": [season(0, 7, percent=150)]}, {},
     [("season_day", 7, "360.00", "2520.00"), ("discount", 1, "-252.00", "-252.00")], "2268.00"),
    # half a cent goes away from nothing
    (Rates(Decimal("0.05")), MONDAY, 7, {"discounts": [discount(7, "10")]}, {},
     [("day", 7, "0.05", "0.35"), ("discount", 1, "-0.04", "-0.04")], "0.31"),
    (Rates(Decimal("33.33")), MONDAY, 7, {"discounts": [discount(7, "12.5")]}, {},
     [("day", 7, "33.33", "233.31"), ("discount", 1, "-29.16", "-29.16")], "204.15"),
]  # fmt: skip
DAY = ("day", 2, "240.00", "480.00")
ONE_WAY = {"pick_up": 1, "drop_off": 2}
ROUND_TRIP = {"pick_up": 1, "drop_off": 1}
FEES = [
    (PLAIN, MONDAY, 2, {"fees": [fee("cleaning", "50")]}, {}, [DAY, ("fee_cleaning", 1, "50", "50.00")], "530.00"),
    (PLAIN, MONDAY, 2, {"fees": [fee("other", "5", per="day")]}, {}, [DAY, ("fee_other", 2, "5", "10.00")], "490.00"),
    (PLAIN, MONDAY, 2, {"fees": [fee("cleaning", "50", car=1)]}, {}, [DAY, ("fee_cleaning", 1, "50", "50.00")], "530.00"),
    (PLAIN, MONDAY, 2, {"fees": [fee("cleaning", "50", car=2)]}, {}, [DAY], "480.00"),
    (PLAIN, MONDAY, 2, {"fees": [fee("one_way", "90")]}, ONE_WAY, [DAY, ("fee_one_way", 1, "90", "90.00")], "570.00"),
    (PLAIN, MONDAY, 2, {"fees": [fee("one_way", "90")]}, ROUND_TRIP, [DAY], "480.00"),
    (PLAIN, MONDAY, 2, {"fees": [fee("one_way", "90")]}, {}, [DAY], "480.00"),
    (PLAIN, MONDAY, 2, {"fees": [fee("one_way", "90", location=2)]}, ONE_WAY, [DAY, ("fee_one_way", 1, "90", "90.00")], "570.00"),
    (PLAIN, MONDAY, 2, {"fees": [fee("one_way", "90", location=3)]}, ONE_WAY, [DAY], "480.00"),
    (PLAIN, MONDAY, 2, {"fees": [fee("delivery", "40")]}, {"delivery": True}, [DAY, ("fee_delivery", 1, "40", "40.00")], "520.00"),
    (PLAIN, MONDAY, 2, {"fees": [fee("delivery", "40")]}, {}, [DAY], "480.00"),
    (PLAIN, MONDAY, 2, {"fees": [fee("delivery", "40", location=2)]}, {"delivery": True, "pick_up": 1}, [DAY], "480.00"),
    (PLAIN, MONDAY, 2, {"fees": [fee("young_driver", "15", per="day", below_age=26)]}, {"driver_age": 25},
     [DAY, ("fee_young_driver", 2, "15", "30.00")], "510.00"),
    (PLAIN, MONDAY, 2, {"fees": [fee("young_driver", "15", below_age=26)]}, {"driver_age": 26}, [DAY], "480.00"),
    (PLAIN, MONDAY, 2, {"fees": [fee("young_driver", "15", below_age=26)]}, {}, [DAY], "480.00"),
    (PLAIN, MONDAY, 2, {"fees": [fee("cleaning", "50"), fee("other", "5", pk=2)]}, {},
     [DAY, ("fee_cleaning", 1, "50", "50.00"), ("fee_other", 1, "5", "5.00")], "535.00"),
]  # fmt: skip
EXTRAS = [
    (PLAIN, MONDAY, 2, {}, {"extras": ((extra("25"), 1),)}, [DAY, ("extra", 1, "25", "25.00")], "505.00"),
    (PLAIN, MONDAY, 2, {}, {"extras": ((extra("25"), 3),)}, [DAY, ("extra", 3, "25", "75.00")], "555.00"),
    (PLAIN, MONDAY, 2, {}, {"extras": ((extra("8", per="day"), 1),)}, [DAY, ("extra", 2, "8", "16.00")], "496.00"),
    (PLAIN, MONDAY, 2, {}, {"extras": ((extra("8", per="day"), 2),)}, [DAY, ("extra", 4, "8", "32.00")], "512.00"),
    (PLAIN, MONDAY, 2, {}, {"extras": ((extra("25"), 0),)}, [DAY], "480.00"),
    (PLAIN, MONDAY, 2, {}, {"extras": ((extra("25"), 1), (extra("0", pk=2), 1))},
     [DAY, ("extra", 1, "25", "25.00"), ("extra", 1, "0", "0.00")], "505.00"),
]  # fmt: skip
TABLE = [*DAYS, *SEASONS, *DISCOUNTS, *FEES, *EXTRAS]


@pytest.mark.parametrize(("rates", "start", "length", "tariff", "pricing", "expected", "total"), TABLE)
def test_quotes(rates, start, length, tariff, pricing, expected, total):
    quote = quote_rental(rates, Days.starting(start, length), Tariff(**tariff), PricingOptions(**pricing))
    assert lines(quote) == [(code, n, Decimal(unit), amount) for code, n, unit, amount in expected]
    assert quote.total.as_json == {"amount": total, "currency": "EUR"}


def test_the_table_is_as_long_as_promised():
    assert len(TABLE) >= 60


def test_tax_is_included_unless_the_business_says_otherwise(settings):
    quote = quote_rental(PLAIN, Days.starting(MONDAY, 4))
    assert (quote.total, quote.tax, quote.deposit) == (eur(960), eur(160), eur(2000))
    settings.TAX_INCLUDED, settings.TAX_RATE = False, "19"
    quote = quote_rental(
        Rates(Decimal("99.99")), Days.starting(MONDAY, 3), Tariff(fees=[fee("cleaning", "10")])
    )
    assert [(x.tax, x.amount) for x in quote.lines] == [
        (eur("56.99"), eur("356.96")),
        (eur("1.90"), eur("11.90")),
    ]


@pytest.mark.parametrize(
    ("rate", "tax"),
    [("0.03", "0.01"), ("0.33", "0.06"), ("0.15", "0.03"), ("10.05", "1.68"), ("10.01", "1.67")],
)
def test_tax_is_rounded_half_up_to_a_cent(rate, tax):
    assert quote_rental(Rates(Decimal(rate)), [MONDAY]).tax == eur(tax)


def test_kilometres_grow_with_the_days():
    quote = quote_rental(PLAIN, Days.starting(MONDAY, 3))
    assert (quote.included_km, quote.excess_km_price) == (600, eur("0.80"))


def test_each_line_keeps_the_rule_that_made_it_and_its_name_in_every_language():
    tariff = Tariff([season(rate="300")], [discount(1, "10", pk=4)], [fee("cleaning", "50", pk=7)])
    quote = quote_rental(PLAIN, [MONDAY], tariff, PricingOptions(extras=((extra("5", pk=9), 1),)))
    assert [item.rule for item in quote.lines] == ["season:1", "discount:4", "fee:7", "extra:9"]
    frozen = Quote.from_json(quote.as_json())
    assert frozen == quote
    with override("es"):
        assert frozen.lines[0].label == "Primavera"
    with override("fr"):
        assert frozen.lines[0].label == "Spring"


def test_a_quote_frozen_before_there_were_rules_still_reads():
    old = {
        "lines": [{"code": "day", "quantity": 1, "unit_price": "1.00", "tax": "0.17", "amount": "1.00"}],
        "deposit": "0.00",
        "currency": "EUR",
    }
    assert Quote.from_json(old).total == eur(1)


def test_an_unknown_line_shows_its_code():
    assert LineItem("toll", 1, eur(1), eur(0), eur(1)).label == "toll"


money = st.decimals(min_value="0.01", max_value="9999.99", places=2)
seasons = st.lists(
    st.builds(
        season, first=st.integers(-5, 50), length=st.integers(1, 20), priority=st.integers(0, 2), rate=money
    ),
    max_size=3,
)


@given(
    rate=money, weekend=st.none() | money, seasons=seasons, length=st.integers(2, 60), cut=st.integers(1, 59)
)
def test_the_price_before_discounts_is_additive_over_days(rate, weekend, seasons, length, cut):
    cut = min(cut, length - 1)
    rates, tariff = Rates(rate, weekend), Tariff(seasons, [WEEK, MONTH])
    days = list(Days.starting(MONDAY, length))

    def price(part):
        return quote_rental(rates, part, tariff).before_discounts

    assert price(days) == price(days[:cut]) + price(days[cut:])


@given(rate=money, weekend=st.none() | money, seasons=seasons, length=st.integers(1, 60))
def test_lines_and_tax_add_up(rate, weekend, seasons, length):
    quote = quote_rental(Rates(rate, weekend), Days.starting(FRIDAY, length), Tariff(seasons, [WEEK]))
    assert sum(item.quantity for item in quote.lines if item.is_days) == length
    assert quote.total == Money.sum((item.amount for item in quote.lines), "EUR")
    assert eur(0) <= quote.tax < quote.total <= quote.before_discounts


@pytest.mark.parametrize(
    ("currency", "day", "week", "off", "total", "tax"),
    [
        ("EUR", "33.34", "233.38", "-29.17", "204.21", "34.04"),
        ("CHF", "33.34", "233.38", "-29.17", "204.21", "34.04"),
        ("HUF", "33.34", "233.38", "-29.17", "204.21", "34.04"),
        ("JPY", "33", "231", "-29", "202", "34"),
        ("KWD", "33.335", "233.345", "-29.168", "204.177", "34.030"),
    ],
)
def test_every_line_is_rounded_to_the_smallest_unit_of_the_currency(
    settings, currency, day, week, off, total, tax
):
    settings.CURRENCY = currency
    quote = quote_rental(
        Rates(Decimal("33.335")), Days.starting(MONDAY, 7), Tariff(discounts=[discount(7, "12.5")])
    )
    days, less = quote.lines
    texts = [x.as_json["amount"] for x in (days.unit_price, days.amount, less.amount, quote.total, quote.tax)]
    assert texts == [day, week, off, total, tax]
    assert {x.currency for x in (days.amount, less.tax, quote.total, quote.excess_km_price)} == {currency}
    assert Quote.from_json(quote.as_json()) == quote


@given(
    rate=money,
    weekend=st.none() | money,
    length=st.integers(1, 60),
    currency=st.sampled_from(["EUR", "CHF", "HUF", "JPY", "KWD"]),
)
def test_no_amount_is_finer_than_the_currency(rate, weekend, length, currency):
    with override_settings(CURRENCY=currency):
        tariff = Tariff(discounts=[WEEK], fees=[fee("cleaning", "9.99")])
        quote = quote_rental(Rates(rate, weekend), Days.starting(FRIDAY, length), tariff)
    amounts = [x for line in quote.lines for x in (line.unit_price, line.tax, line.amount)]
    assert [x for x in [*amounts, quote.total, quote.tax, quote.deposit] if x != x.rounded()] == []
