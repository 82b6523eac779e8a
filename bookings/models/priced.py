"""The amounts of a booking as money."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from cars.pricing.daily import Quote
from exodrive.money import Money


class Priced:
    """Mixed into what was priced once and stays so, in the currency of that day."""

    total: Any | Decimal
    deposit: Any | Decimal
    currency: Any | str
    quote: Any
    terms: Any

    @property
    def total_money(self) -> Money:
        """To pay, with tax, in the currency in which it was booked."""
        return Money(self.total, self.currency)

    @property
    def deposit_money(self) -> Money:
        """Held at pick-up, in the currency in which it was booked."""
        return Money(self.deposit, self.currency)

    @property
    def in_catalogue_currency(self) -> bool:
        """Whether today's prices are in the currency in which it was booked; else it cannot be priced anew."""
        return self.currency == settings.CURRENCY

    @property
    def as_quoted(self) -> Quote:
        """The frozen quote."""
        return Quote.from_json(self.quote)

    @property
    def free_cancellation_until(self) -> datetime | None:
        """Until when cancelling costs nothing, as frozen when it was booked."""
        until = self.terms.get("free_until")
        return datetime.fromisoformat(until) if until else None
