"""The list of rides: each service with what it costs at least."""

from dataclasses import fields
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.availability.rides.listed import ListedRide, listed_rides
from cars.catalogue import one_catalogue
from cars.models import Service


class RideCard(ListedRide):
    """A service in the list, with its page."""

    __slots__ = ()

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
    """Those that can be booked, by the car or by the seat. Six queries for any number of them."""
    return [
        RideCard(**{each.name: getattr(one, each.name) for each in fields(one)})
        for one in listed_rides(at, seats=True)
    ]
