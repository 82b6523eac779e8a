"""What staff put on a price by hand: a discount or a surcharge with its reason, and charges found at the return. Pure."""

from dataclasses import replace
from decimal import Decimal

from django.conf import settings

from cars.pricing.quote import ADJUSTMENT, CHARGES, LineItem, Quote
from exodrive.money import Money
from exodrive.text import tidy


def with_adjustment(quote: Quote, amount: Money, reason: str, kind: str = ADJUSTMENT) -> Quote:
    """The quote with `amount` more to pay (less when negative), tax included, on a line of its own at its end.

    There is one line of a kind at most: it replaces the one before it, and an amount of 0 only takes that off. The reason
    stands on the line as typed, on one line. Raises ValueError for a kind that is none of `CHARGES`, for a total below 0,
    and (CurrencyMismatch) for another currency than the quote's.
    """
    if kind not in CHARGES:
        raise ValueError(f"{kind!r} is no kind of adjustment")
    others = [line for line in quote.lines if line.code != kind]
    line = _line(replace(quote, lines=tuple(others)), kind, amount.rounded(), " ".join(tidy(reason).split()))
    adjusted = replace(quote, lines=(*others, line) if amount.rounded() else tuple(others))
    if adjusted.total < Money.zero(quote.currency):
        raise ValueError(f"{adjusted.total} is less than nothing")
    return adjusted


def _line(quote: Quote, kind: str, amount: Money, reason: str) -> LineItem:
    tax = (amount * _taxed(quote)).rounded()
    listed = amount - tax if quote.adds_tax or (not quote.lines and not settings.TAX_INCLUDED) else amount
    return LineItem(kind, 1, listed, tax, amount, reason=reason)


def _taxed(quote: Quote) -> Decimal:
    """How much of an amount is tax, by what the quote has agreed: today's rate where that is the one it has."""
    rate = Decimal(settings.TAX_RATE) / 100
    today = rate / (1 + rate)
    cent = Money.zero(quote.currency).amount.as_tuple().exponent
    exact = all(
        abs(line.tax.amount - line.amount.amount * today) < Decimal(1).scaleb(int(cent))
        for line in quote.lines
    )
    if exact or not quote.total:
        return today
    return quote.tax.amount / quote.total.amount


def adjustments(quote: Quote) -> tuple[LineItem, ...]:
    """The lines that somebody put there by hand, which no change of the rental touches."""
    return tuple(line for line in quote.lines if line.code in CHARGES)


def adjustment(quote: Quote) -> LineItem | None:
    """The manager's own line, when there is one."""
    return next((line for line in quote.lines if line.code == ADJUSTMENT), None)
