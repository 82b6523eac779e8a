"""What a season does to prices is told from a few of its days, and is what every day says."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from cars.models import Car, Season
from cars.pricing.daily import Tariff, day_lines
from cars.pricing.seasons import effects, overlaps

MONDAY = date(2018, 7, 2)


def car(pk=1, rate=100, weekend=None):
    rates = {"daily_rate": Decimal(rate), "weekend_rate": weekend and Decimal(weekend)}
    return Car(pk=pk, make="Calder", model=str(pk), deposit=Decimal(0), **rates)


def season(first, last, *, pk=None, of=None, priority=0, **price):
    days = MONDAY + timedelta(days=first), MONDAY + timedelta(days=last)
    price = {name: Decimal(value) if name == "rate" else value for name, value in price.items()} or {
        "percent": 120
    }
    return Season(
        pk=pk, name=f"S{pk}", start_date=days[0], end_date=days[1], car_id=of, priority=priority, **price
    )


def amounts(pair):
    return tuple(int(money.amount) for money in pair)


def test_a_day_costs_from_its_lowest_to_its_highest():
    (one,) = effects(season(0, 13, rate=150), [], [car(rate=100, weekend=130)])
    assert (amounts(one.without), amounts(one.within)) == ((100, 130), (150, 150))
    assert not one.is_none


@pytest.mark.parametrize(
    ("percent", "halved", "doubled"),
    [(50, True, False), (51, False, False), (200, False, False), (201, False, True)],
)
def test_half_is_half_and_more_than_twice_is_more(percent, halved, doubled):
    (one,) = effects(season(0, 3, percent=percent), [], [car()])
    assert (one.halved, one.doubled) == (halved, doubled)


def test_a_season_of_one_car_touches_no_other():
    assert [found.car.pk for found in effects(season(0, 3, of=2), [], [car(1), car(2)])] == [2]


@pytest.mark.parametrize(
    ("other", "counts"),
    [
        (season(2, 9, pk=7, priority=1), True),
        (season(2, 9, pk=7, priority=-1), False),
        (season(2, 9, pk=7), False),  # the newer of equals
        (season(2, 9, pk=7, of=1), True),  # the one for the car
        (season(3, 9, pk=7), False),
    ],
)
def test_of_two_that_meet_it_is_known_which_counts(other, counts):
    (found,) = overlaps(season(0, 3), [other])
    assert (found.other, found.counts) == (other, counts)


@pytest.mark.parametrize("other", [season(4, 9, pk=7), season(-5, -1, pk=7), season(0, 3, pk=7, of=2)])
def test_others_do_not_meet(other):
    assert overlaps(season(0, 3, of=1), [other]) == []


def test_a_season_does_not_meet_itself():
    known = season(0, 3, pk=5)
    assert overlaps(season(1, 8, pk=5), [known]) == []
    (one,) = effects(season(1, 8, pk=5, rate=90), [known], [car()])
    assert amounts(one.without) == (100, 100)


def test_a_season_that_never_counts_changes_nothing():
    (one,) = effects(season(0, 3, rate=10), [season(-1, 9, pk=7, priority=5, rate=80)], [car()])
    assert one.is_none
    assert not one.halved


def test_the_few_days_say_what_all_of_them_would():
    chance = random.Random(4)
    for _ in range(200):
        others = [
            season(first, first + chance.randint(0, 9), pk=n + 1, priority=chance.randint(0, 2), rate=40 + n)
            for n in range(chance.randint(0, 4))
            for first in [chance.randint(-9, 20)]
        ]
        mine = season(
            0, chance.randint(0, 25), priority=chance.randint(0, 2), percent=chance.choice([40, 110, 250])
        )
        known = car(weekend=chance.choice([None, 130]))
        (one,) = effects(mine, others, [known])
        tried = season(0, 0, pk=99)
        tried.__dict__.update({**mine.__dict__, "id": 99})
        days = [
            mine.start_date + timedelta(days=n) for n in range((mine.end_date - mine.start_date).days + 1)
        ]
        for seasons, said in ((others, one.without), ([*others, tried], one.within)):
            every = [day_lines(known, [day], Tariff(seasons=seasons))[0].unit_price.amount for day in days]
            assert (said[0].amount, said[1].amount) == (min(every), max(every))
