"""What the simulator takes: as PayPal's schemas have it, and what PayPal's currencies allow."""

import re
from decimal import Decimal
from typing import Any

from exodrive.dev.paypal_sim.problems import PAYMENTS, Problem
from exodrive.dev.paypal_sim.state import Amount

# https://developer.paypal.com/api/rest/reference/currency-codes/
CURRENCIES = frozenset(
    [
        *("AUD", "BRL", "CAD", "CNY", "CZK", "DKK", "EUR", "HKD", "HUF", "ILS", "JPY", "MYR", "MXN"),
        *("TWD", "NZD", "NOK", "PHP", "PLN", "GBP", "SGD", "SEK", "CHF", "THB", "USD"),
    ]
)
WITHOUT_DECIMALS = ("HUF", "JPY", "TWD")
VALUE = re.compile(r"((-?[0-9]+)|(-?([0-9]+)?[.][0-9]+))")
LONGEST_VALUE = 32
CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def mapping(value: Any, operation: str, field: str = "") -> dict[str, Any]:
    """A JSON object; nothing is an empty one. Raises Problem."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Problem(400, "INVALID_PARAMETER_SYNTAX", operation=operation, field=field)
    return value


def text(body: dict[str, Any], name: str, limit: int, operation: str) -> str:
    """A text of at most so many characters; "" when it is missing. Raises Problem."""
    value = body.get(name, "")
    if not isinstance(value, str) or CONTROL.search(value):
        raise Problem(400, "INVALID_PARAMETER_SYNTAX", operation=operation, field=f"/{name}")
    if name in body and not 1 <= len(value) <= limit:
        raise Problem(400, "INVALID_STRING_LENGTH", operation=operation, field=f"/{name}")
    return value


def amount(value: Any, operation: str) -> Amount:
    """Raises Problem for what is no amount, or none in that currency."""
    given = mapping(value, operation, "/amount")
    if "value" not in given or "currency_code" not in given:
        raise Problem(400, "MISSING_REQUIRED_PARAMETER", operation=operation, field="/amount")
    number, currency = given["value"], given["currency_code"]
    if (
        not isinstance(number, str)
        or len(number) > LONGEST_VALUE
        or not VALUE.fullmatch(number)
        or not number.isascii()
        or not isinstance(currency, str)
    ):
        raise Problem(400, "INVALID_PARAMETER_SYNTAX", operation=operation, field="/amount")
    if currency not in CURRENCIES:
        raise Problem(422, "INVALID_CURRENCY_CODE", operation=operation, field="/amount/currency_code")
    found = Amount(Decimal(number), currency)
    if found.value <= 0:
        raise Problem(422, "CANNOT_BE_ZERO_OR_NEGATIVE", operation=operation, field="/amount/value")
    _refuse_decimals(number, found, operation)
    return found


def _refuse_decimals(number: str, found: Amount, operation: str) -> None:
    decimals = len(number.partition(".")[2])
    if found.currency in WITHOUT_DECIMALS and decimals:
        # The list of what creating an order can answer has no DECIMALS_NOT_SUPPORTED.
        issue = "DECIMALS_NOT_SUPPORTED" if operation == PAYMENTS else "DECIMAL_PRECISION"
        raise Problem(422, issue, operation=operation, field="/amount/value")
    if decimals > 2:
        raise Problem(422, "DECIMAL_PRECISION", operation=operation, field="/amount/value")
