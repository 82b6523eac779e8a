"""Money in PayPal's notation: decimal strings, with the decimals that PayPal counts with, not the world.

https://developer.paypal.com/api/rest/reference/currency-codes/
"""

from decimal import Decimal
from typing import Any

from bookings.payments.provider import Misconfigured
from exodrive.money import Money, digits_of

WITHOUT_DECIMALS = frozenset({"HUF", "JPY", "TWD"})
DIGITS = 2  # of every other currency


def to_paypal(money: Money) -> dict[str, str]:
    """`{"currency_code": "EUR", "value": "960.00"}`. Raises Misconfigured for what PayPal cannot count."""
    digits = digits_at_paypal(money.currency)
    try:
        units = money.minor(digits)
    except ValueError:
        raise Misconfigured("DECIMALS_NOT_SUPPORTED", f"PayPal cannot take {money}") from None
    return {"currency_code": money.currency, "value": f"{Decimal(units).scaleb(-digits):.{digits}f}"}


def from_paypal(amount: Any) -> Money:
    """Of an amount as PayPal writes it; its texts are exact."""
    return Money(Decimal(amount["value"]), amount["currency_code"])


def digits_at_paypal(currency: str) -> int:
    """How many decimals. Raises Misconfigured for currencies with three: PayPal has none of them."""
    if digits_of(currency) > DIGITS:
        raise Misconfigured("INVALID_CURRENCY_CODE", f"PayPal does not take {currency}")
    return 0 if currency in WITHOUT_DECIMALS else DIGITS
