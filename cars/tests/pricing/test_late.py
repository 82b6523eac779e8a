"""What a late return costs: the grace, the hours that have begun, the days that have begun."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cars.pricing.late import hours_begun, late_charge, usual_day
from cars.pricing.quote import LineItem, Quote
from exodrive.money import Money


def eur(amount):
    return Money(Decimal(amount), "EUR")


@pytest.mark.parametrize(
    ("minutes", "costs"),
    [
        (0, "0.00"),
        (59, "0.00"),
        (60, "20.00"),  # 20 % of a day
        (61, "40.00"),
        (4 * 60, "80.00"),
        (5 * 60, "100.00"),
        (23 * 60, "100.00"),
        (24 * 60, "100.00"),
        (24 * 60 + 59, "100.00"),
        (25 * 60, "200.00"),
        (49 * 60, "300.00"),
    ],
)
def test_a_late_return_costs_by_the_hour_up_to_a_day_then_by_the_day(minutes, costs):
    assert late_charge(timedelta(minutes=minutes), eur("100.00")) == eur(costs)


def test_grace_and_share_are_settings(settings):
    settings.RETURN_GRACE, settings.LATE_RETURN_HOURLY_PERCENT = timedelta(minutes=10), 30
    assert late_charge(timedelta(minutes=11), eur("99.99")) == eur("30.00")
    assert late_charge(timedelta(hours=24, minutes=11), eur("99.99")) == eur("199.98")


def test_an_hour_counts_once_it_has_begun():
    assert [hours_begun(timedelta(minutes=n)) for n in (0, 1, 60, 61)] == [0, 1, 1, 2]


def test_a_usual_day_is_what_one_cost_less_the_discount_and_without_fees():
    days = tuple(date(2027, 3, n) for n in (1, 2))
    lines = (
        LineItem("day", 2, eur("100.00"), eur("33.33"), eur("200.00"), dates=days),
        LineItem("discount", 1, eur("-20.00"), eur("-3.33"), eur("-20.00")),
        LineItem("fee_cleaning", 1, eur("50.00"), eur("8.33"), eur("50.00")),
    )
    assert usual_day(Quote(lines, eur("0.00"), 400, eur("0.00"))) == eur("90.00")
