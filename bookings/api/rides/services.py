"""GET /api/services and what can be had of one: rides, as /api/cars and /api/availability are for rentals."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from bookings.api.auth import ANYONE, customer_token
from bookings.api.inputs.types import IdParam, SlugText
from bookings.api.responses import answers
from bookings.api.rides.departures import departures_of
from bookings.api.rides.inputs import DepartureQuery, RideQuery, ServiceQuery
from bookings.api.rides.lookup import chosen_of, offer_for, tour_for
from bookings.api.rides.render import availability_out, service_out
from bookings.api.rides.schemas import DeparturesOut, RideAvailabilityOut, ServicesOut
from bookings.availability.rides.listed import listed_rides
from bookings.models import Hold
from cars.catalogue import one_catalogue
from cars.models import offered_rides

router = Router(by_alias=True, tags=["Rides"])


@router.get(
    "/services",
    auth=ANYONE,
    response=answers({200: ServicesOut}, 401),
    operation_id="listServices",
    summary="List services",
)
def list_services(request: HttpRequest, query: Query[ServiceQuery]) -> Any:
    """What can be ridden instead of rented: by the hour, from place to place, as a tour with a car of one's own."""
    wanted = {name: value for name, value in query.model_dump().items() if value is not None}
    with one_catalogue():
        listed = listed_rides(timezone.now(), offered_rides().filter(**wanted))
        prefetch_related_objects([one.service for one in listed], "hours")
        return {"items": [service_out(one) for one in listed]}


@router.get(
    "/services/{service_id}/availability",
    auth=ANYONE,
    response=answers({200: RideAvailabilityOut}, 401, 404),
    operation_id="getRideAvailability",
    summary="Ask for a ride",
)
def get_ride_availability(request: HttpRequest, service_id: IdParam, query: Query[RideQuery]) -> Any:
    """Whether a ride can be had at some time, with every reason against it and what can be had instead.

    With the token of a hold as Bearer its own hours count as free.
    """
    at = timezone.now()
    own = Hold.objects.only("pk").first() if customer_token(request) else None
    with one_catalogue():
        offer = offer_for(service_id)
        wish, options = chosen_of(offer, query, at)
        return availability_out(offer.answer(wish, options, at, ignoring=own))


@router.get(
    "/tours/{slug}/departures",
    auth=ANYONE,
    response=answers({200: DeparturesOut}, 401, 404),
    operation_id="listDepartures",
    summary="List departures of a tour",
)
def list_departures(request: HttpRequest, slug: SlugText, query: Query[DepartureQuery]) -> Any:
    """When it departs anyhow, what a seat costs and how many are left. With a hold's token its own seats count as free."""
    own = Hold.objects.first() if customer_token(request) else None
    with one_catalogue():
        offer = tour_for(slug)
        days = {"since": query.from_, "until": query.to}
        return {"items": departures_of(offer, timezone.now(), **days, own=own)}
