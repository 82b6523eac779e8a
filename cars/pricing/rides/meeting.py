"""Which surcharges are charged together where one was meant: pure, by the rule that charges them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cars.models import RideRate, Surcharge

ONE_DAY, WEEK = timedelta(days=1), 7
MONDAY = datetime(2001, 1, 1)  # noqa: DTZ001  # a wall clock of no place
ALONE = ("night", "holiday", "airport", "short_notice")  # kinds of which one at a time is usual


def charged_together(surcharges: Sequence["Surcharge"]) -> list[tuple["Surcharge", "Surcharge"]]:
    """Pairs of one kind that some ride pays both of."""
    return [pair for pair in combinations(surcharges, 2) if _meet(*pair)]


def with_a_way_back(rates: Iterable["RideRate"]) -> list["RideRate"]:
    """Rates for both ways of which the other way has a rate of its own."""
    among = list(rates)
    ways = {(rate.car_class_id, *_way(rate)) for rate in among}
    return [
        rate
        for rate in among
        if rate.basis in ("route", "zones") and rate.both_ways
        if _way(rate)[0] != _way(rate)[1] and (rate.car_class_id, *reversed(_way(rate))) in ways
    ]


def _way(rate: "RideRate") -> tuple[tuple[object, object], tuple[object, object]]:
    return (rate.from_place_id, rate.from_zone_id), (rate.to_place_id, rate.to_zone_id)


def _meet(one: "Surcharge", other: "Surcharge") -> bool:
    if one.kind != other.kind or one.kind not in ALONE:
        return False
    pairs = ((one.car_class_id, other.car_class_id), (one.place_id, other.place_id))
    return all(None in pair or pair[0] == pair[1] for pair in pairs) and _same_time(one, other)


def _same_time(one: "Surcharge", other: "Surcharge") -> bool:
    if one.kind == "night":  # two windows meet where one of them begins within the other
        starts = [
            datetime.combine(MONDAY + day * ONE_DAY, clock)
            for day in range(WEEK)
            for clock in (one.from_time, other.from_time)
            if clock is not None
        ]
        return any(one.covers_clock(at) and other.covers_clock(at) for at in starts)
    if one.kind == "holiday":
        once, again = (other, one) if one.every_year else (one, other)
        return any(again.covers_day(day) for day in _days(once))
    return True


def _days(holiday: "Surcharge") -> Iterator[date]:
    """Its days, as they were typed."""
    day = holiday.first_day
    while day and holiday.last_day and day <= holiday.last_day:
        yield day
        day += ONE_DAY
