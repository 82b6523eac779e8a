"""What a day of a car costs at least, for lists that know no days yet."""

from cars.models import Car
from cars.pricing.daily import Tariff
from exodrive.money import Money, catalogue_price


def rates(car: Car, tariff: Tariff) -> set[Money]:
    """The different prices of a day: weekdays, weekends, and the seasons of `tariff` that are the car's."""
    own = {car.daily_rate, car.weekend_rate or car.daily_rate}
    for season in tariff.seasons:
        if season.car_id in (None, car.pk):
            own.add(season.rate or car.daily_rate * (season.percent or 100) / 100)
    return {catalogue_price(rate) for rate in own}
