"""A price is agreed before it is owed: what somebody was shown, and what a held rental costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bookings.errors import PriceChanged
from bookings.models import Hold
from cars.pricing.agreed import Rental, reprice
from cars.pricing.daily import PricingOptions, Quote, quote_rental
from cars.pricing.tariff import tariff_of, usual_options
from exodrive.money import Money


@dataclass(frozen=True, slots=True)
class Agreed:
    """What somebody was shown before they said yes. Nothing at all covers no price; a deposit left out covers any."""

    total: Money | None = None
    deposit: Money | None = None

    @classmethod
    def of(cls, quote: Quote) -> "Agreed":
        """What that quote shows."""
        return cls(quote.total.rounded(), quote.deposit.rounded())

    @classmethod
    def typed(cls, data: Mapping[str, str], name: str = "agreed") -> "Agreed | None":
        """What a form carries in that field, the text of one: nothing where no price was shown or it makes no sense.

        None when it was not our page that was sent.
        """
        if name not in data:
            return None
        try:
            total, currency, deposit = data[name].split(" ")
            return cls(Money(Decimal(total), currency).rounded(), Money(Decimal(deposit), currency).rounded())
        except (ValueError, InvalidOperation):
            return cls()

    def __str__(self) -> str:
        return "" if self.total is None or self.deposit is None else f"{self.total} {self.deposit.amount}"

    def covers(self, quote: Quote) -> bool:
        """Whether that quote asks for nothing else."""
        return self.total == quote.total and self.deposit in (None, quote.deposit)


def held_price(hold: Hold, options: PricingOptions) -> Quote:
    """What a held rental costs: as quoted when it was held, and what the options add as of today.

    A hold in a currency that the catalogue has left, or by a release that kept no quote, is priced as of today.
    """
    car, days, quoted = hold.car, hold.days, hold.as_quoted
    tariff = tariff_of(days.start, days.end, car)
    if quoted is None or not hold.in_catalogue_currency:
        return quote_rental(car, days, tariff, options)
    was, now = (Rental(car, tuple(days), chosen) for chosen in (usual_options(car), options))
    return reprice(quoted, was, now, tariff)


def refuse_other_price(price: Quote, agreed: Agreed | None, hold: Hold | None = None) -> None:
    """Raise PriceChanged when a price is not the one agreed to: without a word, that is the one a hold was quoted."""
    quoted = hold.as_quoted if hold else None
    known = agreed or (Agreed.of(quoted) if quoted else None)
    if known and not known.covers(price):
        raise PriceChanged(was=quoted if quoted and known.covers(quoted) else agreed, now=price)
