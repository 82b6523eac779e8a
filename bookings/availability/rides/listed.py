"""What is ridden, as a list shows it: each service that some car of its place is driven for, with what it costs at least."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from bookings.models import TourDeparture
from cars.models import Car, CarClass, Place, Service, offered_rides
from cars.pricing.rides.distance import road_km
from cars.pricing.rides.inputs import NoPrice, RideTariff
from cars.pricing.rides.tariff import tariffs_of
from cars.pricing.rides.tour import tour_rate
from cars.pricing.rides.usual import usual_prices
from exodrive.money import Money, catalogue_price


@dataclass(frozen=True, slots=True)
class ListedRide:
    """A service in the list. `price` is that of an hour, as listed, or the total of the cheapest ride; `is_from` where
    others cost more; `classes` are those with a price, `places` those of a transfer. With a `capacity` it is a tour sold by
    the seat alone, and the price that of a person.
    """

    service: Service
    price: Money
    is_from: bool
    classes: Sequence[CarClass]
    places: Sequence[Place]
    capacity: int = 0

    @property
    def seats(self) -> int:
        """The most passengers of one car."""
        return self.capacity or max(one.passengers for one in self.classes)

    @property
    def per_person(self) -> bool:
        """Whether it is sold by the seat alone."""
        return bool(self.capacity)


def listed_rides(
    at: datetime, services: QuerySet[Service] | None = None, *, seats: bool = False
) -> list[ListedRide]:
    """Those of the `services` (all that are offered) that some car of their place is driven for, at a price.

    With `seats` also tours that are sold by the seat alone, while one departs. Six queries for any number of them.
    """
    found = list(offered_rides() if services is None else services)
    tariffs, classes = tariffs_of(found), _classes_by_place()
    places = list(Place.objects.all()) if found else []
    joined = _joined([service.pk for service in found], at) if seats else {}
    listed = (
        _listed(service, tariffs[service.pk], classes, places, at)
        or _joinable(service, tariffs[service.pk], joined.get(service.pk))
        for service in found
    )
    return [one for one in listed if one]


def _joined(services: list[int], at: datetime) -> dict[int, TourDeparture]:
    """The next departure of each tour that has one, by the id of its service."""
    coming = TourDeparture.objects.filter(
        tour__service__in=services, status=TourDeparture.Status.OPEN, starts_at__gt=at
    )
    found = coming.select_related("tour", "car__car_class").order_by("-starts_at")
    return {one.tour.service_id: one for one in found}


def _joinable(service: Service, tariff: RideTariff, departure: TourDeparture | None) -> ListedRide | None:
    if departure is None:
        return None
    try:
        rate = tour_rate(tariff, departure.car.car_class, private=False)
    except NoPrice:
        return None
    return ListedRide(service, catalogue_price(rate.amount), False, (), (), departure.capacity)


def _listed(
    service: Service, tariff: RideTariff, classes: list[Any], places: list[Place], at: datetime
) -> ListedRide | None:
    day = service.location.today(at)
    there = [one for one in classes if one.place == service.location_id]
    prices = {one: usual_prices(service, tariff, [one], places, day) for one in there}
    every = set().union(*prices.values())
    if not every:
        return None
    is_from = len(every) > 1 or bool(tariff.surcharges)
    priced = [one for one in there if prices[one]]
    return ListedRide(service, min(every), is_from, priced, places_of(service, tariff, places))


def _classes_by_place() -> list[Any]:
    """The classes of the cars that are offered, once for each `place` where such a car stands."""
    offered = CarClass.objects.filter(cars__status=Car.Status.OFFERED)
    return list(offered.annotate(place=F("cars__location")).distinct())


def places_of(service: Service, tariff: RideTariff, known: Iterable[Place] | None = None) -> Sequence[Place]:
    """Where a transfer can begin and end: the places that its rates name, and those as near as its distances go."""
    if service.kind != Service.Kind.TRANSFER:
        return []
    rates = tariff.rates
    named = {pk for rate in rates for pk in (rate.from_place_id, rate.to_place_id)}
    zones = {pk for rate in rates for pk in (rate.from_zone_id, rate.to_zone_id)} - {None}
    farthest = max((rate.to_km or 0 for rate in rates), default=0)
    here: Any = service.location
    return [
        place
        for place in (Place.objects.all() if known is None else known)
        if place.pk in named or place.zone_id in zones or road_km(here, place) <= farthest
    ]
