"""Amounts in PayPal's notation: HUF, JPY and TWD without decimals, nothing with three."""

from decimal import Decimal

import pytest

from bookings.payments.paypal.amounts import from_paypal, to_paypal
from bookings.payments.provider import Misconfigured, State
from bookings.tests.payments.paypal.conftest import completed, make_payment
from exodrive.money import Money


@pytest.mark.parametrize(
    ("amount", "currency", "value"),
    [
        ("960", "EUR", "960.00"),
        ("0.5", "USD", "0.50"),
        ("12000", "JPY", "12000"),
        ("12000.00", "HUF", "12000"),
        ("3500", "TWD", "3500"),
        ("1E+3", "JPY", "1000"),
        ("1E+3", "EUR", "1000.00"),
        ("19.90", "ISK", "19.90"),
    ],
)
def test_an_amount_is_written_as_paypal_counts(amount, currency, value):
    money = Money(Decimal(amount), currency)
    assert to_paypal(money) == {"currency_code": currency, "value": value}
    assert from_paypal(to_paypal(money)) == money


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("100.50", "JPY"), ("0.01", "HUF"), ("1.5", "TWD"), ("0.001", "EUR"), ("5", "KWD"), ("5", "BHD")],
)
def test_what_paypal_cannot_count_is_refused_before_it_is_asked(amount, currency):
    with pytest.raises(Misconfigured):
        to_paypal(Money(Decimal(amount), currency))


@pytest.mark.parametrize(("amount", "currency"), [("12000", "JPY"), ("90000", "HUF"), ("3500", "TWD")])
def test_currencies_without_decimals_are_paid_and_given_back(paypal, sim, amount, currency):
    money = Money(Decimal(amount), currency)
    payment = completed(paypal, sim, make_payment(amount=money))
    assert sim.state.captures[payment.refs["capture"]].amount.as_json()["value"] == amount
    paypal.refund(payment, money, reason="", request_id="refund")
    found = paypal.fetch(payment)
    assert (found.state, found.captured, found.refunded, found.currency) == (
        State.REFUNDED,
        money,
        money,
        currency,
    )
