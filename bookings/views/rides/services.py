"""The list of rides: each service with what it costs at least."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.models import TourDeparture
from cars.catalogue import one_catalogue
from cars.models import Car, CarClass, Place, Service, offered_rides
from cars.pricing.rides.inputs import NoPrice, RideTariff
from cars.pricing.rides.tariff import tariffs_of
from cars.pricing.rides.tour import tour_rate
from cars.pricing.rides.usual import usual_prices
from exodrive.money import Money, catalogue_price


@dataclass(frozen=True, slots=True)
class RideCard:
    """A service in the list. `price` is that of an hour, as listed, or the total of the cheapest ride; `is_from` where
    others cost more; `seats` the most passengers of one car. `per_person` where it is sold by the seat alone.
    """

    service: Service
    price: Money
    is_from: bool
    seats: int
    per_person: bool = False

    @property
    def url(self) -> str:
        """Of its page."""
        return url_of(self.service)


def url_of(service: Service) -> str:
    """A service's page: tours have their own address."""
    return reverse("tour" if service.kind == Service.Kind.TOUR else "service", args=[service.slug])


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """Everything that is ridden: by the hour, from place to place, tours by the car."""
    with one_catalogue():
        cards = ride_cards(timezone.now())
        several = len({card.service.location_id for card in cards}) > 1
        return render(
            request, "rides/list.html", {"kinds": by_kind(cards), "several": several, "section": "rides"}
        )


def by_kind(cards: list[RideCard]) -> list[tuple[str, list[RideCard]]]:
    """The cards under the name of each kind, in the order in which staff know them."""
    found = [(kind.label, [card for card in cards if card.service.kind == kind]) for kind in Service.Kind]
    return [(str(label), of_kind) for label, of_kind in found if of_kind]


def ride_cards(at: datetime) -> list[RideCard]:
    """Those services that some car of their place is driven for, at a price. Six queries for any number of them."""
    found = list(offered_rides())
    tariffs, classes = tariffs_of(found), _classes_by_place()
    places = list(Place.objects.all()) if found else []
    joined = _joined([service.pk for service in found], at)
    cards = (
        _card(service, tariffs[service.pk], classes, places, at)
        or _seat_card(service, tariffs[service.pk], joined)
        for service in found
    )
    return [card for card in cards if card]


def _joined(services: list[int], at: datetime) -> dict[int, TourDeparture]:
    """The next departure of each tour that has one, by the id of its service."""
    coming = TourDeparture.objects.filter(
        tour__service__in=services, status=TourDeparture.Status.OPEN, starts_at__gt=at
    )
    found = coming.select_related("tour", "car__car_class").order_by("-starts_at")
    return {one.tour.service_id: one for one in found}


def _seat_card(service: Service, tariff: RideTariff, joined: dict[int, TourDeparture]) -> RideCard | None:
    """A tour that is sold by the seat alone, while it has a departure to come."""
    departure = joined.get(service.pk)
    if departure is None:
        return None
    try:
        rate = tour_rate(tariff, departure.car.car_class, private=False)
    except NoPrice:
        return None
    return RideCard(service, catalogue_price(rate.amount), False, departure.capacity, per_person=True)


def _card(
    service: Service, tariff: RideTariff, classes: list[Any], places: list[Place], at: datetime
) -> RideCard | None:
    day = service.location.today(at)
    there = [one for one in classes if one.place == service.location_id]
    prices = {one: usual_prices(service, tariff, [one], places, day) for one in there}
    every = set().union(*prices.values())
    if not every:
        return None
    is_from = len(every) > 1 or bool(tariff.surcharges)
    return RideCard(service, min(every), is_from, max(one.passengers for one in there if prices[one]))


def _classes_by_place() -> list[Any]:
    """The classes of the cars that are offered, once for each `place` where such a car stands."""
    offered = CarClass.objects.filter(cars__status=Car.Status.OFFERED)
    return list(offered.annotate(place=F("cars__location")).distinct())
