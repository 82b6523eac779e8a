"""A quote as it is shown and frozen: line items in one currency."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from exodrive.money import Money


@dataclass(frozen=True, slots=True)
class LineItem:
    """One line: `amount` includes `tax`; `unit_price` is as listed, per unit of `quantity`.

    `rule` names what made the line, e.g. `season:3`; `names` is its name in every language, as it was then; `dates`
    are the days that it counts; `reason` is why staff put it there, as typed; `tax_rate` is in per cent, None the site's.
    """

    code: str
    quantity: int
    unit_price: Money
    tax: Money
    amount: Money
    rule: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    dates: tuple[date, ...] = ()
    reason: str = ""
    tax_rate: Decimal | None = None

    @property
    def label(self) -> str:
        """What the line is for, in the reader's language."""
        named = self.names.get((get_language() or "en")[:2]) or self.names.get("en")
        label = named or str(LABELS.get(self.code, self.code))
        if not self.reason:
            return label
        return _("%(charge)s: %(reason)s") % {"charge": label, "reason": self.reason}

    @property
    def is_days(self) -> bool:
        """Whether the line counts days of the rental itself."""
        return self.code in DAY_CODES

    @property
    def listed(self) -> Money:
        """As listed, before tax is added where prices are without."""
        return self.unit_price * self.quantity

    @property
    def before_tax(self) -> Money:
        """Without its tax."""
        return self.amount - self.tax

    def part(self, quantity: int, dates: tuple[date, ...] = ()) -> "LineItem":
        """The same for fewer units, at the same price and with the same share of tax."""
        if quantity == self.quantity:
            return replace(self, dates=dates or self.dates)
        tax, amount = ((money * quantity / self.quantity).rounded() for money in (self.tax, self.amount))
        return replace(self, quantity=quantity, tax=tax, amount=amount, dates=dates)

    def as_json(self) -> dict[str, Any]:
        """For freezing on a booking."""
        return {
            "code": self.code,
            "quantity": self.quantity,
            "unit_price": str(self.unit_price.amount),
            "tax": str(self.tax.amount),
            "amount": str(self.amount.amount),
            "rule": self.rule,
            "names": dict(self.names),
            "dates": [day.isoformat() for day in self.dates],
            **({"reason": self.reason} if self.reason else {}),
            **({} if self.tax_rate is None else {"tax_rate": str(self.tax_rate)}),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any], currency: str) -> "LineItem":
        """The frozen line, in its quote's currency."""
        return cls(
            data["code"],
            data["quantity"],
            Money(Decimal(data["unit_price"]), currency),
            Money(Decimal(data["tax"]), currency),
            Money(Decimal(data["amount"]), currency),
            data.get("rule", ""),
            data.get("names", {}),
            tuple(date.fromisoformat(day) for day in data.get("dates", ())),
            data.get("reason", ""),
            Decimal(data["tax_rate"]) if "tax_rate" in data else None,
        )


DAY_CODES = ("day", "weekend_day", "season_day")  # in the order in which they stand on a quote
ADJUSTMENT = "adjustment"
KEPT = "kept"  # what a price that was kept gives less back
CHARGES = (KEPT, ADJUSTMENT, "late_return", "excess_km", "fuel", "early_return")  # put there by hand
LABELS = {
    "day": gettext_lazy("Day"),
    "weekend_day": gettext_lazy("Weekend day"),
    "discount": gettext_lazy("Discount"),
    KEPT: gettext_lazy("Price kept as booked"),
    ADJUSTMENT: gettext_lazy("Adjustment"),
    "late_return": gettext_lazy("Late return"),
    "excess_km": gettext_lazy("Kilometres beyond those included"),
    "fuel": gettext_lazy("Missing fuel"),
    "early_return": gettext_lazy("Early return"),
    "ride_cap": gettext_lazy("Most in 24 hours reached"),
    "ride_adult": gettext_lazy("Adult"),
    "ride_child": gettext_lazy("Child"),
    "ride_km": gettext_lazy("Further kilometres"),
}


@dataclass(frozen=True, slots=True)
class Quote:
    """Line items in one currency. `deposit` is held at pick-up, never part of the total."""

    lines: tuple[LineItem, ...]
    deposit: Money
    included_km: int
    excess_km_price: Money

    @property
    def currency(self) -> str:
        """Of every amount in it, also when there is no line."""
        return self.deposit.currency

    @property
    def total(self) -> Money:
        """To pay, with tax."""
        return Money.sum((line.amount for line in self.lines), self.currency)

    @property
    def tax(self) -> Money:
        """Tax contained in the total."""
        return Money.sum((line.tax for line in self.lines), self.currency)

    @property
    def adds_tax(self) -> bool:
        """Whether prices were listed without tax, which then stands on a line of its own."""
        return any(line.amount != line.listed.rounded() for line in self.lines)

    @property
    def before_discounts(self) -> Money:
        """The days alone, with tax."""
        return Money.sum((line.amount for line in self.lines if line.is_days), self.currency)

    def as_json(self) -> dict[str, Any]:
        """For freezing on a booking."""
        return {
            "lines": [line.as_json() for line in self.lines],
            "deposit": str(self.deposit.amount),
            "currency": self.currency,
            "included_km": self.included_km,
            "excess_km_price": str(self.excess_km_price.amount),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Quote":
        """The frozen quote."""
        currency = data["currency"]
        return cls(
            tuple(LineItem.from_json(line, currency) for line in data["lines"]),
            Money(Decimal(data["deposit"]), currency),
            data.get("included_km", 0),
            Money(Decimal(data.get("excess_km_price", "0.00")), currency),
        )
