"""What comes on top of a rate. Surcharges add up, each on the rate alone; the order in which they are listed is theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cars.pricing.daily import line_of
from cars.pricing.quote import LineItem
from cars.pricing.rides.inputs import RideOptions, ceil_div
from exodrive.money import Money, catalogue_price

if TYPE_CHECKING:
    from cars.models import CarClass, Service, Surcharge

QUARTER = 15  # minutes


@dataclass(frozen=True, slots=True)
class Ridden:
    """The ride that surcharges are for: when each of its units begins, what one costs, what all of them do."""

    starts: Sequence[datetime]
    unit_price: Money
    base: Money


def surcharge_lines(
    service: "Service",
    surcharges: Sequence["Surcharge"],
    car_class: "CarClass | None",
    ridden: Ridden,
    options: RideOptions,
) -> list[LineItem]:
    """A line for each that applies."""
    own = car_class.pk if car_class else None
    lines = []
    for one in surcharges:
        count = _count(one, service, ridden, options) if one.car_class_id in (None, own) else 0
        if count and at_its_place(one, options):
            price = _price(one, ridden)
            rule = f"surcharge:{one.pk}"
            lines.append(line_of(f"surcharge_{one.kind}", count, price, rule, one.names, service.tax_rate))
    return lines


def at_its_place(one: "Surcharge", options: RideOptions) -> bool:
    """Whether the ride begins or ends where the surcharge is for."""
    ends = [end for end in (options.from_place, options.to_place) if end]
    if one.place_id is not None:
        return any(end.pk == one.place_id for end in ends)
    return one.kind != "airport" or any(end.is_airport for end in ends)


def _price(one: "Surcharge", ridden: Ridden) -> Money:
    if one.percent is None:
        return catalogue_price(one.amount)  # type: ignore[arg-type]  # one of both, says the database
    return (ridden.unit_price if one.per == "unit" else ridden.base) * one.percent / 100


def _count(one: "Surcharge", service: "Service", ridden: Ridden, options: RideOptions) -> int:
    """How often it is charged."""
    match one.kind:
        case "waiting":
            return ceil_div(options.waited, QUARTER) if _at(one, service, ridden.starts[0]) else 0
        case "extra_stop":
            return options.stops if _at(one, service, ridden.starts[0]) else 0
        case "short_notice" if not _is_short(one, ridden.starts[0], options.booked_at):
            return 0
    starts = ridden.starts if one.per == "unit" else ridden.starts[:1]
    return sum(_at(one, service, start) for start in starts)


def _at(one: "Surcharge", service: "Service", at: datetime) -> bool:
    """Whether an instant is one of its days and hours, by the clock of the service's location."""
    local = at.astimezone(service.location.zone)
    return one.covers_day(local.date()) and one.covers_clock(local)


def _is_short(one: "Surcharge", start: datetime, booked_at: datetime | None) -> bool:
    return booked_at is not None and start - booked_at < timedelta(minutes=one.notice_minutes or 0)
