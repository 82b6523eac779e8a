"""What a ride costs, as line items. Pure: no queries, no writes, exact throughout."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from cars.pricing.daily import line_of
from cars.pricing.quote import LineItem, Quote
from cars.pricing.rides import hourly, tour, transfer
from cars.pricing.rides.inputs import RideOptions, RideTariff
from cars.pricing.rides.surcharges import Ridden, surcharge_lines
from exodrive.money import Money, catalogue_price

if TYPE_CHECKING:
    from cars.models import CarClass, RideRate, Service

ONE_MINUTE = timedelta(minutes=1)
NOTHING = Decimal(0)
PLAIN = RideOptions()


def quote_ride(
    service: "Service",
    car_class: "CarClass | None",
    span: tuple[datetime, datetime],
    tariff: RideTariff,
    options: RideOptions = PLAIN,
    *,
    private: bool = False,
) -> Quote:
    """What a ride from the first instant to the second costs. Tax is the service's own rate, on every line.

    Of a transfer and a tour the price asks only when they begin. `private` is for tours: the car instead of seats.
    Raises NoPrice where the service has no rate for it, ValueError where it ends before it begins.
    """
    # In UTC: Python subtracts instants of one zone by the wall clock, an hour off across a clock change.
    start, end = (at.astimezone(UTC) for at in span)
    rate = rate_of(service, car_class, tariff, options, private=private)
    by_hour = rate.basis == "hour"
    starts = hourly.unit_starts(service, start, end) if by_hour else [start]
    lines = _base(service, rate, len(starts), options)
    base = Money.sum((line.listed.rounded() for line in lines), catalogue_price(rate.amount).currency)
    ridden = Ridden(starts, hourly.unit_price(service, rate) if by_hour else base, base)
    return Quote(
        (
            *lines,
            *surcharge_lines(service, tariff.surcharges, car_class, ridden, options),
            *_extras(service, start, end, options),
        ),
        service.deposit_money,
        hourly.included_km(service, rate, len(starts)) if by_hour else 0,
        catalogue_price((by_hour and rate.excess_km_price) or NOTHING),
    )


def rate_of(
    service: "Service",
    car_class: "CarClass | None",
    tariff: RideTariff,
    options: RideOptions,
    *,
    private: bool = False,
) -> "RideRate":
    """The rate that counts for a ride. Raises NoPrice."""
    if service.kind == "hourly":
        return hourly.hour_rate(tariff, car_class)
    if service.kind == "transfer":
        return transfer.transfer_rate(tariff, car_class, options)
    return tour.tour_rate(tariff, car_class, private=private)


def quick_quotes(
    service: "Service",
    car_class: "CarClass | None",
    start: datetime,
    tariff: RideTariff,
    options: RideOptions,
) -> list[tuple[int, Quote]]:
    """For each quick duration, in minutes, what it costs from `start`. Raises NoPrice."""
    return [
        (minutes, quote_ride(service, car_class, (start, start + minutes * ONE_MINUTE), tariff, options))
        for minutes in service.quick_minutes
    ]


def _base(service: "Service", rate: "RideRate", units: int, options: RideOptions) -> list[LineItem]:
    if rate.basis == "hour":
        return hourly.hour_lines(service, rate, units)
    if service.kind == "transfer":
        return transfer.transfer_lines(service, rate, transfer.way(options))
    return tour.tour_lines(service, rate, options)


def _extras(service: "Service", start: datetime, end: datetime, options: RideOptions) -> Sequence[LineItem]:
    """Those per day cost each local day that the ride touches."""
    zone = service.location.zone
    days = ((end - ONE_MINUTE).astimezone(zone).date() - start.astimezone(zone).date()).days + 1
    return [
        line_of(
            "extra",
            quantity * (days if extra.per == "day" else 1),
            catalogue_price(extra.price),
            f"extra:{extra.pk}",
            extra.names,
            service.tax_rate,
        )
        for extra, quantity in options.extras
        if quantity
    ]
