"""A quote as it is shown and frozen: line items in one currency."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class LineItem:
    """One line: `amount` includes `tax`; `unit_price` is as listed, per unit of `quantity`.

    `rule` names what made the line, e.g. `season:3`; `names` is its name in every language, as it was then.
    """

    code: str
    quantity: int
    unit_price: Decimal
    tax: Decimal
    amount: Decimal
    rule: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What the line is for, in the reader's language."""
        named = self.names.get((get_language() or "en")[:2]) or self.names.get("en")
        labels = {"day": _("Day"), "weekend_day": _("Weekend day"), "discount": _("Discount")}
        return named or labels.get(self.code, self.code)

    @property
    def is_days(self) -> bool:
        """Whether the line counts days of the rental itself."""
        return self.code in DAY_CODES

    def as_json(self) -> dict[str, Any]:
        """For freezing on a booking."""
        return {
            "code": self.code,
            "quantity": self.quantity,
            "unit_price": str(self.unit_price),
            "tax": str(self.tax),
            "amount": str(self.amount),
            "rule": self.rule,
            "names": dict(self.names),
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
            data.get("rule", ""),
            data.get("names", {}),
        )


DAY_CODES = frozenset({"day", "weekend_day", "season_day"})


@dataclass(frozen=True, slots=True)
class Quote:
    """Line items in one currency. `deposit` is held at pick-up, never part of the total."""

    lines: tuple[LineItem, ...]
    deposit: Decimal
    currency: str
    included_km: int = 0
    excess_km_price: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """To pay, with tax."""
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def tax(self) -> Decimal:
        """Tax contained in the total."""
        return sum((line.tax for line in self.lines), ZERO)

    @property
    def before_discounts(self) -> Decimal:
        """The days alone, with tax."""
        return sum((line.amount for line in self.lines if line.is_days), ZERO)

    def as_json(self) -> dict[str, Any]:
        """For freezing on a booking."""
        return {
            "lines": [line.as_json() for line in self.lines],
            "deposit": str(self.deposit),
            "currency": self.currency,
            "included_km": self.included_km,
            "excess_km_price": str(self.excess_km_price),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Quote":
        """The frozen quote."""
        return cls(
            tuple(LineItem.from_json(line) for line in data["lines"]),
            Decimal(data["deposit"]),
            data["currency"],
            data.get("included_km", 0),
            Decimal(data.get("excess_km_price", "0.00")),
        )
