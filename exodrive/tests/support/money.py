"""Amounts in tests."""

from decimal import Decimal

from exodrive.money import Money


def eur(amount: int | str) -> Money:
    """That many euros."""
    return Money(Decimal(amount), "EUR")
