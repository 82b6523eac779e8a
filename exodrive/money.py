"""Money as a value: an exact amount in one currency. What is added, compared or shown carries its own currency."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, total_ordering

from babel.numbers import get_currency_precision
from django.conf import settings

CODE = re.compile(r"[A-Z]{3}")


class CurrencyMismatch(ValueError):
    """Two currencies met in one sum or comparison."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in a currency (ISO 4217 code). Raises TypeError for a float, ValueError for NaN or no code.

    Amounts in different currencies are unequal; adding or ordering them raises CurrencyMismatch.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"{self.amount!r} is not a Decimal")
        if not self.amount.is_finite() or not CODE.fullmatch(self.currency):
            raise ValueError(f"{self.amount} {self.currency!r} is no amount of money")

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Nothing, in that currency."""
        return cls(Decimal(0), currency).rounded()

    @classmethod
    def sum(cls, amounts: Iterable["Money"], currency: str) -> "Money":
        """All together; the currency is needed where there are none."""
        return sum(amounts, cls.zero(currency))

    @classmethod
    def from_minor(cls, units: int, currency: str, digits: int | None = None) -> "Money":
        """From whole smallest units, e.g. cents. `digits` where a provider counts otherwise than the world does."""
        return cls(Decimal(units).scaleb(-(digits_of(currency) if digits is None else digits)), currency)

    def minor(self, digits: int | None = None) -> int:
        """In whole smallest units, e.g. cents; `digits` as for `from_minor`. Raises ValueError for a part of one."""
        units = self.amount.scaleb(digits_of(self.currency) if digits is None else digits)
        if units != units.to_integral_value():
            raise ValueError(f"{self} is not a whole number of smallest units")
        return int(units)

    def rounded(self) -> "Money":
        """To the currency's smallest unit, half up, away from zero; never "-0.00"."""
        return Money(self.amount.quantize(_unit(self.currency), ROUND_HALF_UP) + 0, self.currency)

    @property
    def as_json(self) -> dict[str, str]:
        """`{"amount": "960.00", "currency": "EUR"}`: as text, because floats lose cents."""
        return {"amount": str(self.rounded().amount), "currency": self.currency}

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._of(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._of(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __abs__(self) -> "Money":
        return Money(abs(self.amount), self.currency)

    def __mul__(self, factor: int | Decimal) -> "Money":
        return Money(self.amount * _exact(factor), self.currency)

    __rmul__ = __mul__

    def __truediv__(self, divisor: int | Decimal) -> "Money":
        return Money(self.amount / _exact(divisor), self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._of(other)

    def _of(self, other: "Money") -> Decimal:
        """The amount of the other one, which must be money of the same currency."""
        if not isinstance(other, Money):
            raise TypeError(f"{other!r} has no currency: {self} cannot meet it")
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self} and {other} are different currencies")
        return other.amount


def digits_of(currency: str) -> int:
    """How many decimals the smallest unit has in use, by CLDR: EUR 2, JPY 0, KWD 3."""
    return get_currency_precision(currency)


@cache
def _unit(currency: str) -> Decimal:
    """The smallest unit in use."""
    return Decimal(1).scaleb(-digits_of(currency))


def catalogue_price(amount: Decimal) -> Money:
    """A price of the catalogue (rates, fees, extras, deposits): in settings.CURRENCY, to its smallest unit."""
    return Money(amount, settings.CURRENCY).rounded()


def _exact(factor: int | Decimal) -> int | Decimal:
    if not isinstance(factor, int | Decimal):
        raise TypeError(f"{factor!r} is neither a whole number nor a Decimal")
    return factor
