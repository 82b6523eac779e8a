"""What rides of a service cost as a rule. Pure, by the same rule that quotes are made by."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from cars.pricing.rides.examples import moment, price_of, things
from cars.pricing.rides.hourly import hour_rate
from cars.pricing.rides.inputs import NoPrice, RideTariff
from exodrive.money import Money, catalogue_price

if TYPE_CHECKING:
    from cars.models import CarClass, Place, Service


def usual_prices(
    service: "Service",
    tariff: RideTariff,
    classes: Sequence["CarClass"],
    places: Sequence["Place"],
    day: date,
) -> set[Money]:
    """By the hour: of an hour, as listed. Else the total of each ride that is sold, at a time that has no price of its own.

    `day` is a local date like any other. Zones are shown by one of their `places`.
    """
    always = RideTariff(tariff.rates, [one for one in tariff.surcharges if one.kind == "airport"])
    return {price for of in classes for price in _prices(service, always, of, places, day)}


def _prices(
    service: "Service", tariff: RideTariff, of: "CarClass", places: Sequence["Place"], day: date
) -> Iterator[Money]:
    if service.kind == service.Kind.HOURLY:
        with suppress(NoPrice):
            yield catalogue_price(hour_rate(tariff, of).amount)
        return
    at = moment(service, None, day)
    by_the_car = (sold for sold in things(service, tariff, of) if sold.heads is None)
    prices = (price_of(service, tariff, of, sold, at, places) for sold in by_the_car)
    yield from (price for price in prices if price is not None)
