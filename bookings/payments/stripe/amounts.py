"""How Stripe counts money: whole smallest units, of a size of its own. https://docs.stripe.com/currencies

HUF and TWD have two decimals here, and so have ISK and UGX, which have none anywhere else.
"""

from exodrive.money import CurrencyMismatch, Money

ZERO_DECIMAL = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
THREE_DECIMAL = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])


def digits_of(currency: str) -> int:
    """How many decimals Stripe's smallest unit has; `currency` in capitals."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def to_units(amount: Money, *, like: Money | None = None) -> int:
    """In whole smallest units of Stripe's. Raises ValueError for a part of one.

    `like`: an amount of the payment it belongs to, because captures and refunds name no currency: CurrencyMismatch.
    """
    if like is not None and amount.currency != like.currency:
        raise CurrencyMismatch(f"{amount} is no part of a payment in {like.currency}")
    return amount.minor(digits_of(amount.currency))


def from_units(units: int, currency: str) -> Money:
    """What Stripe tells, whose currency codes are small letters."""
    code = currency.upper()
    return Money.from_minor(units, code, digits_of(code))
