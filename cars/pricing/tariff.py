"""What changes prices, as the catalogue has it: one statement for any number of cars."""

from collections.abc import Iterable
from datetime import date

from cars.catalogue import catalogue
from cars.models import Car, Season
from cars.pricing.daily import PricingOptions, Quote, Rated, Tariff, quote_rental


def tariff_of(start: date, end: date, *cars: Rated) -> Tariff:
    """Seasons that touch the days from `start` to `end`, all discounts and all fees.

    Of these cars, or of every one that is offered.
    """
    wanted = [car.pk for car in cars]
    found = catalogue(*wanted)
    return Tariff(found.seasons(start, end, *wanted), found.discounts(*wanted), found.fees(*wanted))


def seasons_of(start: date, end: date) -> tuple[Season, ...]:
    """Seasons that touch the days from `start` to `end`, of every car that is offered."""
    return catalogue().seasons(start, end)


def quote(car: Car, days: Iterable[date], pricing: PricingOptions | None = None) -> Quote:
    """What the car costs on these days as of now. Lists load the tariff once and price by it."""
    dates = list(days)
    return quote_rental(car, dates, tariff_of(dates[0], dates[-1], car), pricing or usual_options(car))


def usual_options(car: Car) -> PricingOptions:
    """Without a wish: from the car's own place and back to it."""
    return PricingOptions(car.location_id, car.location_id)
