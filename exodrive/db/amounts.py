"""Columns with money: none loses a digit of any currency, and a sum has room for all of its parts."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext, ngettext

from exodrive.money import Money, digits_of

DECIMALS = 4  # the most that any currency in use has
CENTS = Decimal("0.01")


# A page of bookings and cars has hundreds of amounts, most of them alike.
@lru_cache(maxsize=4096)
def _without_zeros(value: Decimal) -> Decimal:
    cents = value.quantize(CENTS)
    return cents if cents == value else value.normalize()


@lru_cache(maxsize=4096)
def _as_written(value: Decimal, currency: str) -> Decimal:
    rounded = Money(value, currency).rounded().amount
    return rounded if rounded == value else _without_zeros(value)


class AmountField(models.DecimalField):
    """A sum: sixteen digits before the point, so that years of the dearest days, extras and tax fit."""

    WHOLE = 16

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"max_digits": self.WHOLE + DECIMALS, "decimal_places": DECIMALS}
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Decimal | None, *_: Any) -> Decimal | None:
        """Without zeros that no currency asks for."""
        return None if value is None else _without_zeros(value)


def validate_price(value: Decimal) -> None:
    """A price of the catalogue has no part of the currency's smallest unit."""
    if Money(value, settings.CURRENCY).rounded().amount != value:
        digits = digits_of(settings.CURRENCY)
        words = ngettext(
            "Amounts in %(currency)s have at most %(n)d decimal.",
            "Amounts in %(currency)s have at most %(n)d decimals.",
            digits,
        )
        raise ValidationError(words % {"currency": settings.CURRENCY, "n": digits})


def above_zero(value: Decimal) -> None:
    """For what would be nothing at 0, beside a column's own constraint."""
    if value <= 0:
        raise ValidationError(gettext("Type more than 0."), "above_zero")


class PriceField(AmountField):
    """A price of the catalogue, per day or piece: seven digits before the point, none below zero."""

    WHOLE = 7
    default_validators = [MinValueValidator(0), validate_price]

    def from_db_value(self, value: Decimal | None, *_: Any) -> Decimal | None:
        """As the site's currency writes it, if that says all of it."""
        return None if value is None else _as_written(value, settings.CURRENCY)

    def formfield(self, **kwargs: Any) -> Any:
        """With the decimals of the site's currency."""
        digits = digits_of(settings.CURRENCY)
        more = {
            "max_digits": self.WHOLE + digits,
            "decimal_places": digits,
            "min_value": 0,
        }
        return super().formfield(**(kwargs | more))
