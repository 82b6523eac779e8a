"""What a service is listed at: prices of a day like any other, of each class and each thing that it sells."""

from datetime import date
from decimal import Decimal

import pytest

from cars.models import Place, Zone
from cars.pricing.rides.inputs import RideTariff
from cars.pricing.rides.usual import usual_prices
from cars.tests.support.priced_rides import BUSINESS, CLASSIC, night, rate, service, surcharge

A_DAY = date(2019, 6, 5)


def prices(of, rates, surcharges=(), classes=(BUSINESS,), places=()):
    found = usual_prices(of, RideTariff(rates, surcharges), classes, places, A_DAY)
    return sorted(price.amount for price in found)


def test_by_the_hour_it_is_an_hour_of_each_class():
    own = rate(amount="150", pk=2, car_class_id=CLASSIC.pk)
    assert prices(service(), [rate(), own], [night()], (BUSINESS, CLASSIC)) == [95, 150]
    assert prices(service(), [own]) == []


def test_a_transfer_costs_the_way_and_what_its_airport_always_takes():
    zone = Zone(pk=1)
    airport, town, far = (
        Place(pk=n, kind=kind, zone=zone, latitude=Decimal(45), longitude=Decimal(n))
        for n, kind in ((1, "airport"), (2, "city"), (3, "city"))
    )
    ways = [
        rate("route", "85", from_place=airport, to_place=town, minutes=40),
        rate("band", "40", pk=2, to_km=10, minutes=25),
    ]
    fees = [surcharge("airport", amount=Decimal(8)), night(amount=Decimal(15), percent=None, per="ride")]
    assert prices(service("transfer"), ways, fees, places=(airport, town, far)) == [40, 93]
    zones = [rate("zones", "60", from_zone=zone, to_zone=Zone(pk=9), minutes=40)]
    assert (
        prices(service("transfer"), zones, places=(airport,)) == []
    )  # nobody can ride to a zone without places


@pytest.mark.parametrize(("basis", "expected"), [("vehicle", [240]), ("person", [])])
def test_a_tour_is_listed_by_the_car_alone(basis, expected):
    assert prices(service("tour"), [rate(basis, "240")]) == expected
