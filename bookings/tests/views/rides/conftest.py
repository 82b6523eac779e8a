"""One service of each kind at one place, with two classes of cars."""

import pytest

from bookings.tests.availability.rides.test_cars import cars_of
from bookings.tests.support.factories import LocationFactory
from cars.models import RideRate
from cars.tests.support.rides import make_class, make_place, make_service
from exodrive.rls import as_owner


@pytest.fixture
def place():
    return LocationFactory(name="Lyon", slug="lyon")


@pytest.fixture
def saloon():
    return make_class(name="Saloon", passengers=3, bags=2, position=1)


@pytest.fixture
def van():
    return make_class(name="Van", passengers=7, bags=7, position=2)


def rate(service, **facts):
    with as_owner():
        return RideRate.objects.create(service=service, **facts)


@pytest.fixture
def driver(place, saloon, van):
    """From eight to eight at 90 an hour, 120 in the van; a quarter of an hour kept free on both sides. Two cars."""
    service = make_service(
        kind="hourly", slug="driver", name="Driver", location=place, before_minutes=15, after_minutes=15
    )
    rate(service, car_class=van, basis="hour", amount=120, included_km_per_hour=20, excess_km_price=2)
    service.cars = [*cars_of(saloon, service, 1), *cars_of(van, service, 1)]
    return service


@pytest.fixture
def transfer(place, saloon):
    """From the airport to the town and back, at 90."""
    service = make_service(kind="transfer", slug="airport", name="Airport transfer", location=place)
    ends = make_place(name="Airport", slug="lys", kind="airport"), make_place(name="Town", slug="town")
    with as_owner():
        RideRate.objects.filter(service=service).update(from_place=ends[0], to_place=ends[1])
    service.cars = cars_of(saloon, service, 1)
    return service


@pytest.fixture
def tour(place, saloon):
    """Three hours at 240 the car."""
    service = make_service(kind="tour", slug="hills", name="Hills", location=place)
    rate(service, basis="vehicle", amount=240)
    service.cars = cars_of(saloon, service, 1)
    return service
