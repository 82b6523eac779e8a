"""What a day of a car costs at least, for lists that know no days yet."""

from datetime import date, timedelta
from itertools import pairwise

from cars.models import Car
from cars.pricing.daily import Tariff, day_lines
from exodrive.money import Money

ONE_DAY = timedelta(days=1)
WEEK = 7


def rates(car: Car, tariff: Tariff, first: date, last: date) -> set[Money]:
    """The different prices that a day between these two has, both included: of a week of each stretch of one season."""
    own = [season for season in tariff.seasons if season.car_id in (None, car.pk)]
    edges = {first, *(season.start_date for season in own), *(season.end_date + ONE_DAY for season in own)}
    starts = sorted(day for day in edges if first <= day <= last)
    found: set[Money] = set()
    for start, after in pairwise([*starts, last + ONE_DAY]):
        week = [start + n * ONE_DAY for n in range(min(WEEK, (after - start).days))]
        found |= {line.unit_price for line in day_lines(car, week, tariff)}
    return found
