"""What a season does to prices, before it is written: pure, by the same rule that quotes are made by."""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from cars.models import Car, Season
from cars.pricing.daily import SATURDAY, Tariff, day_lines
from exodrive.money import Money

NEWEST = 2**63 - 1  # the number of a season that has none yet: the newest of equals counts
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a day of one car costs without the season and with it, on the season's days: lowest and highest."""

    car: Car
    without: tuple[Money, Money]
    within: tuple[Money, Money]
    halved: bool  # on any day: half of the other price, or less
    doubled: bool  # on any day: more than twice the other price

    @property
    def is_none(self) -> bool:
        """Whether the car costs the same either way."""
        return self.without == self.within


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another season with some of the same days for some of the same cars, and whether it counts there."""

    other: Season
    counts: bool


def overlaps(season: Season, others: Iterable[Season]) -> list[Overlap]:
    """Those that meet the season, in their order."""
    meeting = [other for other in others if other.pk != season.pk and _meet(season, other)]
    return [Overlap(other, _rank(other) > _rank(season)) for other in meeting]


def effects(season: Season, others: Sequence[Season], cars: Iterable[Car]) -> list[Effect]:
    """For each of the cars that the season is for. `others` are the seasons that touch its days, itself or not."""
    tried = copy(season)
    tried.pk = season.pk or NEWEST
    rest = [other for other in others if other.pk != season.pk]
    days = list(_telling_days(season, rest))
    concerned = [car for car in cars if season.car_id in (None, car.pk)]
    return [_effect(car, days, rest, [*rest, tried]) for car in concerned]


def _effect(car: Car, days: Sequence[date], rest: Sequence[Season], all_of: Sequence[Season]) -> Effect:
    pairs = [(_price(car, day, rest), _price(car, day, all_of)) for day in days]
    without, within = ([pair[n] for pair in pairs] for n in (0, 1))
    return Effect(
        car,
        (min(without, key=_amount), max(without, key=_amount)),
        (min(within, key=_amount), max(within, key=_amount)),
        any(2 * _amount(after) <= _amount(before) for before, after in pairs),
        any(_amount(after) > 2 * _amount(before) for before, after in pairs),
    )


def _amount(money: Money) -> Any:
    return money.amount


def _price(car: Car, day: date, seasons: Sequence[Season]) -> Money:
    return day_lines(car, [day], Tariff(seasons=seasons))[0].unit_price


def _meet(one: Season, other: Season) -> bool:
    same_cars = None in (one.car_id, other.car_id) or one.car_id == other.car_id
    return same_cars and one.start_date <= other.end_date and other.start_date <= one.end_date


def _rank(season: Season) -> tuple[int, bool, int]:
    return season.priority, season.car_id is not None, season.pk or NEWEST


def _telling_days(season: Season, others: Iterable[Season]) -> Iterator[date]:
    """Enough days to see every price: between two days on which another season begins or has ended, all weekdays cost the
    same, and so do both days of a weekend.
    """
    edges = {season.start_date, season.end_date + ONE_DAY}
    for other in others:
        edges |= {other.start_date, other.end_date + ONE_DAY}
    inside = sorted(day for day in edges if season.start_date <= day <= season.end_date + ONE_DAY)
    for start, end in pairwise(inside):
        week = [start + n * ONE_DAY for n in range(min((end - start).days, 7))]
        yield from {day.weekday() >= SATURDAY: day for day in week}.values()
