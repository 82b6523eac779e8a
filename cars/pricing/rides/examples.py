"""What rides of a service cost, as examples: each class, each thing that is sold, at each time with a price of its own.

Pure, by the same rule that quotes are made by. So a change is judged by what it does, whichever row it is in.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from cars.pricing.rides.inputs import NoPrice, RideOptions, RideTariff
from cars.pricing.rides.ride import quote_ride
from exodrive.money import Money

if TYPE_CHECKING:
    from cars.models import CarClass, Place, RideRate, Service, Surcharge

NOON = time(12)
ONE_DAY = timedelta(days=1)
GROUPS = ((1, 0), (2, 0), (4, 0))  # adults and children on a tour
FAMILY = (2, 1)


@dataclass(frozen=True, slots=True)
class Sold:
    """Something that can be bought. Of a transfer `rate` says from where to where; of a tour there are heads."""

    minutes: int = 60
    rate: "RideRate | None" = None
    heads: tuple[int, int] | None = None
    private: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """What one class costs for one thing at one time; no price where there is no rate."""

    car_class: "CarClass | None"
    sold: Sold
    when: "Surcharge | None"  # whose time it is; None: a day like any other
    price: Money | None


def examples(
    service: "Service",
    tariff: RideTariff,
    classes: Sequence["CarClass | None"],
    day: date,
    places: Sequence["Place"] = (),
) -> list[Example]:
    """All of them, by class; `day` is a local date like any other. Zones are shown by one of their `places`."""
    return [
        Example(of, sold, when, price_of(service, tariff, of, sold, moment(service, when, day), places))
        for of in classes
        for sold in things(service, tariff, of)
        for when in [None, *times(tariff, of)]
    ]


def things(service: "Service", tariff: RideTariff, of: "CarClass | None") -> Iterator[Sold]:
    """What the service sells to the class."""
    rates = [rate for rate in tariff.rates if rate.car_class_id in (None, of.pk if of else None)]
    if service.kind == "hourly":
        yield from (Sold(minutes) for minutes in service.quick_minutes)
    elif service.kind == "transfer":
        own = {_ends(rate) for rate in rates if rate.car_class_id is not None}
        yield from (
            Sold(rate.minutes or 1, rate) for rate in rates if rate.car_class_id or _ends(rate) not in own
        )
    else:
        person = [rate for rate in rates if rate.basis == "person"]
        groups = (*GROUPS, FAMILY) if any(rate.child_amount is not None for rate in person) else GROUPS
        yield from (Sold(heads=heads) for heads in groups if person)
        yield from (Sold(private=True) for rate in rates[:1] if any(r.basis == "vehicle" for r in rates))


def times(tariff: RideTariff, of: "CarClass | None") -> list["Surcharge"]:
    """Surcharges that have times of their own."""
    own = of.pk if of else None
    return [
        one
        for one in tariff.surcharges
        if one.kind in ("night", "holiday") and one.car_class_id in (None, own)
    ]


def moment(service: "Service", when: "Surcharge | None", day: date) -> datetime:
    """An instant at which a surcharge counts: when its night begins, noon of its first day; else noon of the day."""
    clock = NOON
    if when is not None:
        day, clock = when.first_day or day, when.from_time or NOON
        week = (day + n * ONE_DAY for n in range(7))
        day = next((one for one in week if when.weekdays is None or when.weekdays >> one.weekday() & 1), day)
    return service.location.instant(day, clock)


def price_of(
    service: "Service",
    tariff: RideTariff,
    of: "CarClass | None",
    sold: Sold,
    start: datetime,
    places: Iterable["Place"],
) -> Money | None:
    """What it costs; None where there is no rate."""
    span = start, start + timedelta(minutes=sold.minutes)
    if (
        sold.rate and sold.rate.basis == "zones"
    ):  # the place that stands for its zone may have a price of its own
        tariff = RideTariff([rate for rate in tariff.rates if rate.basis != "route"], tariff.surcharges)
    try:
        options = _options(sold, list(places))
        return quote_ride(service, of, span, tariff, options, private=sold.private).total
    except NoPrice:
        return None


def _options(sold: Sold, places: Sequence["Place"]) -> RideOptions:
    rate = sold.rate
    if rate is None:
        adults, children = sold.heads or (1, 0)
        return RideOptions(passengers=adults, children=children)
    if rate.basis == "route":
        return RideOptions(rate.from_place, rate.to_place)
    if rate.basis == "zones":
        return RideOptions(_within(rate.from_zone_id, places), _within(rate.to_zone_id, places))
    return RideOptions(km=Decimal(rate.to_km or 0))


def _within(zone: int | None, places: Sequence["Place"]) -> "Place":
    """Some place of the zone. Raises NoPrice where it has none: nobody can ride there."""
    found = next((place for place in places if place.zone_id == zone), None)
    if found is None:
        raise NoPrice
    return found


def _ends(rate: "RideRate") -> tuple[object, ...]:
    return rate.basis, rate.from_place_id, rate.to_place_id, rate.from_zone_id, rate.to_zone_id, rate.to_km
