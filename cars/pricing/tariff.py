"""Reading what changes prices: three queries for any number of cars."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from cars.models import Car, Discount, Fee, Season
from cars.pricing.daily import PricingOptions, Quote, Tariff, quote_rental


def tariff_of(start: date, end: date) -> Tariff:
    """Seasons that touch the days from `start` to `end`, all discounts and all fees."""
    return Tariff(
        seasons=seasons_of(start, end),
        discounts=tuple(Discount.objects.all()),
        fees=tuple(Fee.objects.all()),
    )


def seasons_of(start: date, end: date) -> tuple[Season, ...]:
    """Seasons that touch the days from `start` to `end`. One query."""
    return tuple(Season.objects.filter(Q(start_date__lte=end) & Q(end_date__gte=start)))


def quote(car: Car, days: Iterable[date], pricing: PricingOptions | None = None) -> Quote:
    """What the car costs on these days as of now. Three queries; lists load the tariff once and price by it."""
    dates = list(days)
    return quote_rental(car, dates, tariff_of(dates[0], dates[-1]), pricing or usual_options(car))


def usual_options(car: Car) -> PricingOptions:
    """Without a wish: from the car's own place and back to it."""
    return PricingOptions(car.location_id, car.location_id)
