"""By the hour: units that have begun, at least the shortest duration, at most what a day costs."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from cars.pricing.daily import line_of
from cars.pricing.quote import LineItem
from cars.pricing.rides.inputs import NoPrice, RideTariff, ceil_div, minutes_between, of_class
from exodrive.money import Money, catalogue_price

if TYPE_CHECKING:
    from cars.models import CarClass, RideRate, Service

HOUR, DAY = 60, 24 * 60  # minutes


def hour_rate(tariff: RideTariff, car_class: "CarClass | None") -> "RideRate":
    """The class's price per hour. Raises NoPrice."""
    hourly = [rate for rate in of_class(tariff.rates, car_class) if rate.basis == "hour"]
    if not hourly:
        raise NoPrice
    return hourly[0]


def unit_starts(service: "Service", start: datetime, end: datetime) -> list[datetime]:
    """When each unit that is charged begins, by elapsed time. The shortest duration is charged in any case."""
    least = ceil_div(service.min_minutes, service.unit_minutes)
    units = max(ceil_div(minutes_between(start, end), service.unit_minutes), least)
    return [start + n * timedelta(minutes=service.unit_minutes) for n in range(units)]


def unit_price(service: "Service", rate: "RideRate") -> Money:
    """What a unit costs, exactly: rounded by itself, two halves would not be an hour."""
    return catalogue_price(rate.amount) * service.unit_minutes / HOUR


def hour_lines(service: "Service", rate: "RideRate", units: int) -> list[LineItem]:
    """The units, and what the most of 24 hours takes off them."""
    price, rule = unit_price(service, rate), f"ride_rate:{rate.pk}"
    lines = [line_of("ride_unit", units, price, rule, service.names, service.tax_rate)]
    if rate.day_cap is not None:
        most = _capped(price, catalogue_price(rate.day_cap), units, DAY // service.unit_minutes)
        off = (units * price).rounded() - most.rounded()
        if off:
            lines.append(line_of("ride_cap", 1, -off, rule, None, service.tax_rate))
    return lines


def included_km(service: "Service", rate: "RideRate", units: int) -> int:
    """Of the hours that are charged, in whole km."""
    return int(Decimal(units * service.unit_minutes * (rate.included_km_per_hour or 0)) / HOUR)


def _capped(price: Money, cap: Money, units: int, of_a_day: int) -> Money:
    days, rest = divmod(units, of_a_day)
    return days * min(of_a_day * price, cap) + min(rest * price, cap)
