"""A car as it is once nobody else can take its days: what was read before the wait for it may be old by now."""

from bookings.availability import rules
from bookings.availability.ledger import lock_cars
from bookings.days import Days
from bookings.errors import RulesRefused
from cars.catalogue import Catalogue, look
from cars.models import Car
from exodrive.db.together import together


def lock_and_look(car: Car, *others: int) -> Catalogue:
    """Lock the car, and others by id, until the transaction ends; then the catalogue as it is now, with the car."""
    with together():
        lock_cars(car.pk, *others)
        return look(car.pk)


def car_in(now: Catalogue, car: Car, days: Days) -> Car:
    """The car as it is in that catalogue. Raises RulesRefused for one that whoever asks does not see any more."""
    found = now.car(car.pk)
    if found is None:
        raise RulesRefused(reasons=[rules.no_offer()]).about(car, days)
    return found
