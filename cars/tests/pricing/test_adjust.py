"""What staff put on a price by hand: to the cent, with its tax, and never below nothing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from cars.models import Car
from cars.pricing.adjust import adjustment, with_adjustment
from cars.pricing.daily import Quote, quote_rental
from cars.pricing.quote import CHARGES
from exodrive.money import CurrencyMismatch, Money
from exodrive.tests.support.money import eur

MONDAY = date(2027, 3, 1)  # only its weekday counts


def quoted(rate="50", n=4):
    car = Car(pk=1, daily_rate=Decimal(rate), deposit=Decimal(300), excess_km_price=Decimal(0))
    return quote_rental(car, [MONDAY + timedelta(days=i) for i in range(n)])


def test_an_adjustment_is_a_line_with_its_tax_and_its_reason_on_one_line():
    after = with_adjustment(quoted(), eur("-20"), " The car\nwas \u200bdirty ")
    line = after.lines[-1]
    assert (after.total, after.deposit) == (eur(180), eur(300))
    assert (line.code, line.quantity, line.unit_price, line.amount) == ("adjustment", 1, eur(-20), eur(-20))
    assert line.tax == eur("-3.33")
    assert line.label == "Adjustment: The car was dirty"
    assert not after.adds_tax
    assert Quote.from_json(after.as_json()) == after


def test_there_is_one_of_a_kind_and_nothing_takes_it_off():
    plain = quoted()
    once = with_adjustment(plain, eur(-20), "dirty")
    both = with_adjustment(once, eur(15), "", "fuel")
    twice = with_adjustment(both, eur(-30), "very dirty")
    assert both.lines[-1].label == "Missing fuel"
    assert (twice.total, adjustment(twice).reason) == (eur(185), "very dirty")
    assert with_adjustment(twice, eur(0), "", "fuel") == with_adjustment(plain, eur(-30), "very dirty")
    assert with_adjustment(once, eur(0), "") == plain
    assert adjustment(plain) is None


def test_nobody_is_paid_for_renting_a_car():
    assert with_adjustment(quoted(), eur(-200), "ours").total == eur(0)
    with pytest.raises(ValueError, match="less than nothing"):
        with_adjustment(quoted(), eur("-200.01"), "ours")


def test_another_currency_or_a_kind_that_nobody_knows_is_refused():
    with pytest.raises(CurrencyMismatch):
        with_adjustment(quoted(), Money(Decimal(5), "CHF"), "why")
    with pytest.raises(ValueError, match="no kind"):
        with_adjustment(quoted(), eur(5), "why", "day")


@override_settings(TAX_INCLUDED=False)
def test_where_tax_is_added_the_amount_has_it_already():
    line = with_adjustment(quoted(), eur(-24), "dirty").lines[-1]
    assert (line.unit_price, line.tax, line.amount) == (eur(-20), eur(-4), eur(-24))


def test_the_tax_is_that_of_the_booking_and_not_of_today():
    agreed = quoted()
    with override_settings(TAX_RATE=Decimal(5)):
        assert with_adjustment(agreed, eur(60), "extra cleaning").lines[-1].tax == eur(10)


@given(
    rate=st.decimals("0", "900", places=2),
    amounts=st.lists(st.tuples(st.sampled_from(CHARGES), st.decimals("-900", "900", places=2)), max_size=5),
    tax=st.sampled_from([(20, True), (20, False), (0, True)]),
)
def test_lines_always_add_up_and_hold_their_tax(rate, amounts, tax):
    with override_settings(TAX_RATE=Decimal(tax[0]), TAX_INCLUDED=tax[1]):
        quote = quoted(str(rate))
        for kind, amount in amounts:
            before = sum((line.amount.amount for line in quote.lines if line.code != kind), Decimal(0))
            if before + amount < 0:
                with pytest.raises(ValueError, match="less than nothing"):
                    with_adjustment(quote, eur(amount), "why", kind)
                continue
            quote = with_adjustment(quote, eur(amount), "why", kind)
            assert quote.total == eur(before + amount)
        assert abs(quote.tax.amount - (quote.total - quote.tax).amount * tax[0] / 100) <= Decimal("0.05")
