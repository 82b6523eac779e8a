"""Quotes: what a car costs on some days, as line items. Pure: no queries, no writes, Decimal throughout."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

CENT = Decimal("0.01")
SATURDAY = 5


class Rated(Protocol):
    """What a price needs of a car."""

    daily_rate: Decimal
    weekend_rate: Decimal | None
    deposit: Decimal


def rounded(amount: Decimal) -> Decimal:
    """To 0.01, half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class LineItem:
    """One line: `amount` includes `tax`; `unit_price` is as listed, per unit of `quantity`."""

    code: str
    quantity: int
    unit_price: Decimal
    tax: Decimal
    amount: Decimal

    @property
    def label(self) -> str:
        """What the line is for, in the reader's language."""
        labels = {"day": _("Day"), "weekend_day": _("Weekend day")}
        return labels.get(self.code, self.code)

    def as_json(self) -> dict[str, Any]:
        """For freezing on a booking."""
        return {
            "code": self.code,
            "quantity": self.quantity,
            "unit_price": str(self.unit_price),
            "tax": str(self.tax),
            "amount": str(self.amount),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "LineItem":
        """The frozen line."""
        return cls(
            data["code"],
            data["quantity"],
            Decimal(data["unit_price"]),
            Decimal(data["tax"]),
            Decimal(data["amount"]),
        )


@dataclass(frozen=True, slots=True)
class Quote:
    """Line items in one currency. `deposit` is held at pick-up, never part of the total."""

    lines: tuple[LineItem, ...]
    deposit: Decimal
    currency: str

    @property
    def total(self) -> Decimal:
        """To pay, with tax."""
        return sum((line.amount for line in self.lines), Decimal("0.00"))

    @property
    def tax(self) -> Decimal:
        """Tax contained in the total."""
        return sum((line.tax for line in self.lines), Decimal("0.00"))

    def as_json(self) -> dict[str, Any]:
        """For freezing on a booking."""
        return {
            "lines": [line.as_json() for line in self.lines],
            "deposit": str(self.deposit),
            "currency": self.currency,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Quote":
        """The frozen quote."""
        lines = tuple(LineItem.from_json(line) for line in data["lines"])
        return cls(lines, Decimal(data["deposit"]), data["currency"])


def quote_rental(car: Rated, days: Iterable[date]) -> Quote:
    """What `days` (location-local dates) cost: each day by its own date, weekend over weekday."""
    weekend = car.daily_rate if car.weekend_rate is None else car.weekend_rate
    counts = {"day": 0, "weekend_day": 0}
    for day in days:
        counts["weekend_day" if day.weekday() >= SATURDAY and weekend != car.daily_rate else "day"] += 1
    rates = {"day": car.daily_rate, "weekend_day": weekend}
    lines = tuple(_line(code, n, rates[code]) for code, n in counts.items() if n)
    return Quote(lines, rounded(car.deposit), settings.CURRENCY)


def _line(code: str, quantity: int, unit_price: Decimal) -> LineItem:
    rate = Decimal(settings.TAX_RATE) / 100
    listed = rounded(quantity * unit_price)
    tax = rounded(listed * rate / (1 + rate)) if settings.TAX_INCLUDED else rounded(listed * rate)
    return LineItem(code, quantity, unit_price, tax, listed if settings.TAX_INCLUDED else listed + tax)
