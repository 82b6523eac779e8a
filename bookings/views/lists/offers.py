"""A car in a list, with the price that its card shows."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from bookings.days import Days
from bookings.views.lists.cards import card
from cars.catalogue import catalogue
from cars.models import Car
from cars.pricing.daily import DAY_CODES, Quote, Tariff, quote_rental
from cars.pricing.rates import rates
from cars.pricing.tariff import seasons_of
from exodrive.money import Money

NO_TARIFF = Tariff()


@dataclass(frozen=True)
class Offer:
    """A car in a list: with dates its price for them, and when it is booked then, the next days that are free."""

    car: Car
    days: Days | None = None
    free_again: Days | None = None
    tariff: Tariff = NO_TARIFF

    @cached_property
    def quote(self) -> Quote | None:
        days = self.free_again or self.days
        return quote_rental(self.car, days, self.tariff) if days else None

    @property
    def price(self) -> Money:
        """What a card shows: the total of the days, without days the lowest rate. Sorted and filtered by."""
        return self.quote.total if self.quote else self.rate

    @cached_property
    def rates(self) -> set[Money]:
        """The prices of the days that can be booked."""
        first = self.car.location.today(timezone.now())
        return rates(self.car, self.tariff, first, first + timedelta(days=self.car.horizon))

    @property
    def rate(self) -> Money:
        """The lowest price of a day."""
        return min(self.rates)

    @property
    def day_price(self) -> Money:
        """The dearest of the days chosen, without days the lowest."""
        if self.quote is None:
            return self.rate
        return max(line.unit_price for line in self.quote.lines if line.code in DAY_CODES)

    @property
    def is_from(self) -> bool:
        """Whether other days cost more than the rate shown."""
        return not self.quote and len(self.rates) > 1

    @property
    def card(self) -> SafeString:
        """How a list shows it."""
        return card(self)

    @property
    def first_card(self) -> SafeString:
        """The same, where it is the first that is seen."""
        return card(self, first=True)

    @property
    def url(self) -> str:
        days = self.free_again or self.days
        return reverse("car", args=[self.car.slug]) + (query(start=days.start, end=days.end) if days else "")


def query(**values: Any) -> str:
    """A query string of the values that are there, or ""."""
    filled = {name: value for name, value in values.items() if value}
    return f"?{urlencode(filled)}" if filled else ""


def listed(*lists: Any) -> list[list[Car]]:
    """The cars with what a card shows of them: a query for each list, and one for all pictures."""
    known = catalogue()
    found = [[known.furnish(car) for car in cars.select_related(None)] for cars in lists]
    prefetch_related_objects([car for cars in found for car in cars], "images")
    return found


def bounds(at: Any) -> dict[str, Any]:
    """First and last day that any location can offer, for date fields that belong to no car."""
    known = catalogue()
    today = [place.today(at) for place in known.locations] or [timezone.localdate(at)]
    return {"first": min(today), "last": max(today) + timedelta(days=known.horizon)}


def coming_tariff(at: Any) -> Tariff:
    """What changes the rates between today and the last day that can be booked."""
    days = bounds(at)
    return Tariff(seasons=seasons_of(days["first"], days["last"]))
