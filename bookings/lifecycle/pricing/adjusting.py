"""A manager's own line on a price: so much more or less, for a reason that the customer reads."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from bookings.errors import Forbidden, Invalid
from bookings.lifecycle.managers import refuse_desk
from cars.pricing.adjust import adjustment, with_adjustment
from cars.pricing.quote import Quote
from exodrive.db.amounts import PriceField
from exodrive.money import Money, catalogue_price
from exodrive.rls import PUBLIC, current
from exodrive.text import tidy

MAX_WHY = 200  # characters
AMOUNT, WHY = "adjustment.amount", "adjustment.reason"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """So much more to pay (less when negative), tax included. An amount of 0 takes off the one that there is."""

    amount: Money
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", " ".join(tidy(self.reason).split()) if self.amount else "")

    @classmethod
    def none(cls) -> "Adjustment":
        """None yet, on a price of the catalogue."""
        return cls(catalogue_price(Decimal(0)))

    @classmethod
    def on(cls, quote: Quote) -> "Adjustment":
        """The one that a quote has; one of 0 where it has none."""
        line = adjustment(quote)
        return cls(line.amount, line.reason) if line else cls(Money.zero(quote.currency))


def adjusted(quote: Quote, wanted: Adjustment | None) -> Quote:
    """The quote with a manager's line in the place of the one it has; None leaves that.

    Raises Forbidden for whoever is no manager, and Invalid without a reason, for an amount that is none in the currency of
    the quote, and for a total below 0.
    """
    if wanted is not None:
        _refuse_unusable(quote, wanted)
        quote = _on(quote, wanted)
    if quote.total < Money.zero(quote.currency):
        raise Invalid.field(AMOUNT, _("The price would be below zero."))
    return quote


def _on(quote: Quote, wanted: Adjustment) -> Quote:
    try:
        return with_adjustment(quote, wanted.amount, wanted.reason)
    except ValueError:
        raise Invalid.field(AMOUNT, _("The price would be below zero.")) from None


def _refuse_unusable(quote: Quote, wanted: Adjustment) -> None:
    if current().role == PUBLIC:
        raise Forbidden
    refuse_desk()
    amount, problems = wanted.amount, {}
    if amount.currency != quote.currency:
        problems[AMOUNT] = [_("This price is in %(currency)s.") % {"currency": quote.currency}]
    elif amount.rounded() != amount or abs(amount.amount) >= 10**PriceField.WHOLE:
        words = _("Enter an amount of at most seven digits, to the smallest unit of %(currency)s")
        problems[AMOUNT] = [words % {"currency": quote.currency}]
    if amount and not wanted.reason:
        problems[WHY] = [_("Enter why you adjust the price")]
    elif len(wanted.reason) > MAX_WHY or "\0" in wanted.reason:
        problems[WHY] = [_("The reason has at most %(n)d characters.") % {"n": MAX_WHY}]
    if problems:
        raise Invalid(fields=problems)
