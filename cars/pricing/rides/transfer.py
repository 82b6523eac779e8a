"""From place to place: a price of the two places, else of their zones, else by distance."""

from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any

from cars.pricing.daily import line_of
from cars.pricing.quote import LineItem
from cars.pricing.rides.distance import road_km
from cars.pricing.rides.inputs import NoPrice, RideOptions, RideTariff, of_class
from exodrive.money import catalogue_price

if TYPE_CHECKING:
    from cars.models import CarClass, RideRate, Service


def transfer_rate(tariff: RideTariff, car_class: "CarClass | None", options: RideOptions) -> "RideRate":
    """The rate that counts: places over zones over distance, the class's own over the common one, the same way over the
    other. Raises NoPrice.
    """
    rates = of_class(tariff.rates, car_class)
    start, end = options.from_place, options.to_place
    places, zones, bands = ([r for r in rates if r.basis == basis] for basis in ("route", "zones", "band"))
    found = (
        _between(places, "place", start and start.pk, end and end.pk)
        or _between(zones, "zone", start and start.zone_id, end and end.zone_id)
        or _band(bands, way(options))
    )
    if found is None:
        raise NoPrice
    return found


def transfer_lines(service: "Service", rate: "RideRate", km: Decimal | None) -> list[LineItem]:
    """The way, and the km beyond the longest distance that has a price."""
    rule = f"ride_rate:{rate.pk}"
    lines = [line_of("ride", 1, catalogue_price(rate.amount), rule, service.names, service.tax_rate)]
    beyond = _beyond(rate, km)
    if beyond and rate.excess_km_price is not None:
        price = catalogue_price(rate.excess_km_price)
        lines.append(line_of("ride_km", beyond, price, rule, None, service.tax_rate))
    return lines


def way(options: RideOptions) -> Decimal | None:
    """Km by road: as given, else estimated; None where a place is missing or nobody knows where it is."""
    if options.km is not None:
        return options.km
    ends = [end for end in (options.from_place, options.to_place) if end and end.latitude is not None]
    return road_km(*ends) if len(ends) == len(("from", "to")) else None


def _between(rates: list["RideRate"], what: str, start: Any, end: Any) -> "RideRate | None":
    if start is None or end is None:
        return None
    for wanted, both in (((start, end), False), ((end, start), True)):
        for rate in rates:
            its = getattr(rate, f"from_{what}_id"), getattr(rate, f"to_{what}_id")
            if its == wanted and (rate.both_ways or not both):
                return rate
    return None


def _band(rates: list["RideRate"], km: Decimal | None) -> "RideRate | None":
    """The shortest that is long enough, else the longest where it goes on by the km. A class with bands has no others."""
    if km is None or not rates:
        return None
    own = [rate for rate in rates if rate.car_class_id == rates[0].car_class_id]
    own.sort(key=lambda rate: rate.to_km or 0)
    fits = next((rate for rate in own if km <= (rate.to_km or 0)), None)
    return fits or (own[-1] if own[-1].excess_km_price is not None else None)


def _beyond(rate: "RideRate", km: Decimal | None) -> int:
    if rate.basis != "band" or km is None:
        return 0
    return max(0, int((km - (rate.to_km or 0)).to_integral_value(ROUND_CEILING)))
