"""A tour: by the head, with another price for children, or by the car."""

from typing import TYPE_CHECKING

from cars.pricing.daily import line_of
from cars.pricing.quote import LineItem
from cars.pricing.rides.inputs import NoPrice, RideOptions, RideTariff, of_class
from exodrive.money import catalogue_price

if TYPE_CHECKING:
    from cars.models import CarClass, RideRate, Service


def tour_rate(tariff: RideTariff, car_class: "CarClass | None", *, private: bool) -> "RideRate":
    """Per car for a private tour, else per person. Raises NoPrice."""
    basis = "vehicle" if private else "person"
    found = [rate for rate in of_class(tariff.rates, car_class) if rate.basis == basis]
    if not found:
        raise NoPrice
    return found[0]


def tour_lines(service: "Service", rate: "RideRate", options: RideOptions) -> list[LineItem]:
    """The car, or the heads; without a price for children they cost what everybody does."""
    rule, price = f"ride_rate:{rate.pk}", catalogue_price(rate.amount)
    if rate.basis == "vehicle":
        return [line_of("ride", 1, price, rule, service.names, service.tax_rate)]
    child = price if rate.child_amount is None else catalogue_price(rate.child_amount)
    heads = (("ride_adult", options.passengers, price), ("ride_child", options.children, child))
    return [line_of(code, n, each, rule, None, service.tax_rate) for code, n, each in heads if n]
