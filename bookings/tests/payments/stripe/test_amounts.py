"""Stripe's smallest units. The lists are those of https://docs.stripe.com/currencies."""

from decimal import Decimal

import pytest

from bookings.payments.stripe.amounts import from_units, to_units
from exodrive.money import CurrencyMismatch, Money

AMOUNTS = [
    ("EUR", "960.05", 96005),
    ("USD", "0.50", 50),
    ("JPY", "5000", 5000),
    ("KRW", "1", 1),
    ("XAF", "650", 650),
    ("HUF", "1234.00", 123400),  # the world counts whole ones, PayPal too
    ("TWD", "99.00", 9900),
    ("ISK", "5000", 500000),
    ("UGX", "37000", 3700000),
    ("KWD", "12.340", 12340),
    ("BHD", "1.5", 1500),
    ("TND", "0.010", 10),
]


@pytest.mark.parametrize(("currency", "amount", "units"), AMOUNTS)
def test_amounts_go_out_in_the_units_of_stripe(currency, amount, units):
    assert to_units(Money(Decimal(amount), currency)) == units


@pytest.mark.parametrize(("currency", "amount", "units"), AMOUNTS)
def test_amounts_come_back_as_they_went(currency, amount, units):
    assert from_units(units, currency.lower()) == Money(Decimal(amount), currency)


@pytest.mark.parametrize(("currency", "amount"), [("EUR", "1.005"), ("JPY", "100.50"), ("KWD", "1.2345")])
def test_a_part_of_a_smallest_unit_is_refused(currency, amount):
    with pytest.raises(ValueError, match="whole number"):
        to_units(Money(Decimal(amount), currency))


def test_an_amount_in_another_currency_than_the_payment_is_refused():
    with pytest.raises(CurrencyMismatch):
        to_units(Money(Decimal(5), "USD"), like=Money(Decimal(5), "EUR"))
