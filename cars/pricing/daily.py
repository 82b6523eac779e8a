"""Quotes: what a car costs on some days, as line items. Pure: no queries, no writes, exact throughout."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings

from cars.pricing.quote import DAY_CODES, LineItem, Quote
from exodrive.money import Money, catalogue_price

if TYPE_CHECKING:
    from cars.models import Discount, Extra, Fee, Season

__all__ = ["LineItem", "PricingOptions", "Quote", "Tariff", "quote_rental"]

SATURDAY = 5


class Rated(Protocol):
    """What a price needs of a car."""

    pk: Any
    daily_rate: Decimal
    weekend_rate: Decimal | None
    deposit: Decimal
    included_km_per_day: int
    excess_km_price: Decimal


@dataclass(frozen=True, slots=True)
class Tariff:
    """Seasons, discounts and fees that may touch a quote; those of other cars are passed over."""

    seasons: Sequence["Season"] = ()
    discounts: Sequence["Discount"] = ()
    fees: Sequence["Fee"] = ()


@dataclass(frozen=True, slots=True)
class PricingOptions:
    """What the customer chose beside car and days. Places are ids of locations, the age is in years."""

    pick_up: int | None = None
    drop_off: int | None = None
    delivery: bool = False
    driver_age: int | None = None
    extras: tuple[tuple["Extra", int], ...] = ()


def quote_rental(
    car: Rated,
    days: Iterable[date],
    tariff: Tariff = Tariff(),
    pricing: PricingOptions = PricingOptions(),
) -> Quote:
    """What `days` (location-local dates) cost: each day by its own date, season over weekend over weekday.

    Then the larger discount on the day lines, the fees that apply, the extras chosen.
    """
    dates = list(days)
    of_days = day_lines(car, dates, tariff)
    lines = [
        *of_days,
        *discount_lines(best_discount(car, len(dates), tariff), of_days),
        *_fees(car, len(dates), tariff, pricing),
        *(_extra(extra, quantity, len(dates)) for extra, quantity in pricing.extras if quantity),
    ]
    return Quote(
        tuple(lines),
        catalogue_price(car.deposit),
        car.included_km_per_day * len(dates),
        catalogue_price(car.excess_km_price),
    )


def day_lines(car: Rated, dates: Sequence[date], tariff: Tariff) -> list[LineItem]:
    """The days alone, one line for each price."""
    seasons = [season for season in tariff.seasons if season.car_id in (None, car.pk)]
    seasons.sort(key=lambda season: (season.priority, season.car_id is not None, season.pk), reverse=True)
    found: dict[tuple[str, Money, Any], list[date]] = {}
    for day in dates:
        season = next((s for s in seasons if s.start_date <= day <= s.end_date), None)
        found.setdefault(_rate(car, day, season), []).append(day)
    ranked = sorted(found.items(), key=lambda item: DAY_CODES.index(item[0][0]))
    return [
        replace(
            line_of(
                code, len(of), rate, f"season:{season.pk}" if season else "", season.names if season else {}
            ),
            dates=tuple(of),
        )
        for (code, rate, season), of in ranked
    ]


def _rate(car: Rated, day: date, season: "Season | None") -> tuple[str, Money, "Season | None"]:
    if season:
        rate = season.rate or car.daily_rate * (season.percent or 100) / 100
        return "season_day", catalogue_price(rate), season
    weekend = car.daily_rate if car.weekend_rate is None else car.weekend_rate
    if day.weekday() >= SATURDAY and weekend != car.daily_rate:
        return "weekend_day", catalogue_price(weekend), None
    return "day", catalogue_price(car.daily_rate), None


def best_discount(car: Rated, length: int, tariff: Tariff) -> "Discount | None":
    """The larger one of those that so many days have."""
    applying = [d for d in tariff.discounts if d.car_id in (None, car.pk) and d.min_days <= length]
    return max(applying, key=lambda d: (d.percent, d.min_days), default=None)


def discount_lines(discount: "Discount | None", of_days: Iterable[LineItem]) -> list[LineItem]:
    """What a discount takes off these days."""
    if discount is None:
        return []
    listed = Money.sum((line.listed for line in of_days), settings.CURRENCY)
    off = (listed * discount.percent / 100).rounded()
    return [line_of("discount", 1, -off, f"discount:{discount.pk}", discount.names)]


def _fees(car: Rated, length: int, tariff: Tariff, pricing: PricingOptions) -> list[LineItem]:
    fees = [fee for fee in tariff.fees if fee.car_id in (None, car.pk) and _applies(fee, pricing)]
    return [_fee(fee, length) for fee in fees]


def _fee(fee: "Fee", length: int) -> LineItem:
    units = length if fee.per == "day" else 1
    return line_of(f"fee_{fee.kind}", units, catalogue_price(fee.amount), f"fee:{fee.pk}", fee.names)


def _applies(fee: "Fee", pricing: PricingOptions) -> bool:
    if fee.kind == "one_way":
        one_way = None not in (pricing.pick_up, pricing.drop_off) and pricing.pick_up != pricing.drop_off
        return one_way and fee.location_id in (None, pricing.drop_off)
    if fee.location_id not in (None, pricing.pick_up):
        return False
    if fee.kind == "delivery":
        return pricing.delivery
    if fee.kind == "young_driver":
        return pricing.driver_age is not None and pricing.driver_age < (fee.below_age or 0)
    return True


def _extra(extra: "Extra", quantity: int, length: int) -> LineItem:
    units = quantity * length if extra.per == "day" else quantity
    return line_of("extra", units, catalogue_price(extra.price), f"extra:{extra.pk}", extra.names)


def line_of(
    code: str,
    quantity: int,
    unit_price: Money,
    rule: str = "",
    names: Mapping[str, str] | None = None,
    tax_rate: Decimal | None = None,
) -> LineItem:
    """A line at a listed price, with its tax in per cent; None: as settings say, as whether it is included always is."""
    rate = (Decimal(settings.TAX_RATE) if tax_rate is None else tax_rate) / 100
    listed = (quantity * unit_price).rounded()
    tax = (listed * rate / (1 + rate if settings.TAX_INCLUDED else 1)).rounded()
    amount = listed if settings.TAX_INCLUDED else listed + tax
    return LineItem(code, quantity, unit_price, tax, amount, rule, names or {}, tax_rate=tax_rate)
