"""Money: exact, in one currency, to the smallest unit that the currency has."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exodrive.money import CurrencyMismatch, Money, catalogue_price
from exodrive.tests.support.money import eur

CURRENCIES = {"EUR": 2, "CHF": 2, "HUF": 2, "JPY": 0, "KWD": 3}
EUR = [eur(1), eur(2)]

currencies = st.sampled_from(sorted(CURRENCIES))
decimals = st.decimals(min_value=-(10**9), max_value=10**9, places=5)


@given(amounts=st.lists(decimals), cut=st.integers(0, 9), currency=currencies)
def test_sums_are_additive_and_exact(amounts, cut, currency):
    listed = [Money(amount, currency) for amount in amounts]
    whole = Money.sum(listed, currency)
    assert whole == Money.sum(listed[:cut], currency) + Money.sum(listed[cut:], currency)
    assert whole.amount == sum(amounts, Decimal(0))
    assert whole - whole == Money.zero(currency)


@given(amount=decimals, currency=currencies)
def test_rounding_stays_within_half_a_unit_and_is_symmetric(amount, currency):
    money, half = Money(amount, currency), Decimal(1).scaleb(-CURRENCIES[currency]) / 2
    rounded = money.rounded()
    assert abs(rounded - money).amount <= half
    assert rounded == rounded.rounded() == -(-money).rounded()
    assert rounded.amount == round(rounded.amount, CURRENCIES[currency])
    assert len(rounded.as_json["amount"].partition(".")[2]) == CURRENCIES[currency]


@given(units=st.integers(-(10**12), 10**12), currency=currencies)
def test_smallest_units_go_there_and_back(units, currency):
    money = Money.from_minor(units, currency)
    assert money.minor() == units
    assert money == money.rounded()


@given(amount=decimals, days=st.integers(0, 60), currency=currencies)
def test_many_times_one_is_the_sum_of_as_many(amount, days, currency):
    money = Money(amount, currency)
    assert money * days == days * money == Money.sum([money] * days, currency)


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("0.005", "EUR", "0.01"),
        ("-0.005", "EUR", "-0.01"),
        ("-0.004", "EUR", "0.00"),
        ("960", "EUR", "960.00"),
        ("12.345", "CHF", "12.35"),
        ("99.50", "JPY", "100"),
        ("99.49", "JPY", "99"),
        ("99.5", "HUF", "99.50"),
        ("1.0005", "KWD", "1.001"),
    ],
)
def test_it_is_rounded_half_up_to_the_smallest_unit(amount, currency, rounded):
    assert Money(Decimal(amount), currency).as_json == {"amount": rounded, "currency": currency}


def test_a_provider_may_count_in_units_of_its_own():
    forint = Money(Decimal(1200), "HUF")
    assert (forint.minor(), forint.minor(digits=0)) == (120_000, 1200)
    assert Money.from_minor(1200, "HUF", digits=0) == forint
    with pytest.raises(ValueError, match=r"12\.50 HUF is not a whole number"):
        Money(Decimal("12.50"), "HUF").minor(digits=0)
    with pytest.raises(ValueError, match="not a whole number"):
        Money(Decimal("0.001"), "EUR").minor()


@pytest.mark.parametrize("operation", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"])
def test_currencies_do_not_meet(operation):
    with pytest.raises(CurrencyMismatch, match="1 EUR and 1 CHF are different currencies"):
        getattr(EUR[0], operation)(Money(Decimal(1), "CHF"))
    with pytest.raises(TypeError, match="has no currency"):
        getattr(EUR[0], operation)(Decimal(1))
    assert EUR[0] != Money(Decimal(1), "CHF")
    assert EUR[0] != Decimal(1)


def test_one_foreign_amount_spoils_a_sum():
    with pytest.raises(CurrencyMismatch):
        Money.sum([*EUR, Money(Decimal(1), "CHF")], "EUR")
    with pytest.raises(CurrencyMismatch):
        Money.sum([Money(Decimal(1), "CHF")], "EUR")


def test_amounts_of_one_currency_are_ordered():
    assert EUR[0] < EUR[1]
    assert max(EUR) == EUR[1]
    assert -EUR[1] < Money.zero("EUR") < abs(-EUR[1])
    assert not Money.zero("EUR")
    assert Money(Decimal("1.0"), "EUR") in {EUR[0]}


def test_it_cannot_be_changed():
    with pytest.raises(AttributeError):
        EUR[0].amount = Decimal(5)


@pytest.mark.parametrize("amount", [1.5, 1, "1"])
def test_only_decimals_are_amounts(amount):
    with pytest.raises(TypeError, match="is not a Decimal"):
        Money(amount, "EUR")


@pytest.mark.parametrize(
    ("amount", "currency"), [("NaN", "EUR"), ("Infinity", "EUR"), ("1", "eur"), ("1", "")]
)
def test_nonsense_is_no_money(amount, currency):
    with pytest.raises(ValueError, match="is no amount of money"):
        Money(Decimal(amount), currency)


@pytest.mark.parametrize("operation", ["__mul__", "__rmul__", "__truediv__"])
def test_floats_do_not_get_in_by_arithmetic(operation):
    with pytest.raises(TypeError, match="neither a whole number nor a Decimal"):
        getattr(EUR[0], operation)(1.1)


def test_the_catalogue_is_priced_in_the_currency_of_the_setting(settings):
    assert catalogue_price(Decimal("99.50")) == Money(Decimal("99.50"), "EUR")
    settings.CURRENCY = "JPY"
    assert catalogue_price(Decimal("99.50")) == Money(Decimal(100), "JPY")
