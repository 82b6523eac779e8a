"""Continue on the page of a service: the hold of what is wanted, and on to its details."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from bookings.availability.holds import Visitor
from bookings.availability.rides.chosen import kept
from bookings.availability.rides.holds import hold_ride
from bookings.availability.rides.wish import Wish
from bookings.models import Hold
from bookings.views.car import device
from bookings.views.cookies import keep_typed, remember_hold
from bookings.views.decorators import mark_private, see_other
from bookings.views.proof import code_of
from bookings.visitors import network_of, visitor_of
from cars.pricing.rides.inputs import RideOptions
from exodrive.http.request import Request
from exodrive.rls import PUBLIC, acting_as


def held_for(request: Request, wish: Wish, options: RideOptions, hold: Hold | None, at: Any) -> Hold:
    """The hold for this wish: the one this browser has already, else a new one in its place."""
    mine = hold and (hold.service_id, hold.car_class_id, hold.hours, hold.departure_id, hold.choice)
    departure = wish.departure and wish.departure.pk
    wanted = (wish.service.pk, wish.car_class.pk, wish.hours, departure, kept(wish, options))
    if hold and mine == wanted:
        return hold
    by = Visitor(device(request), visitor_of(request), network_of(request), code=code_of(request))
    with acting_as(PUBLIC, token=hold.token if hold else None):
        return hold_ride(wish=wish, options=options, at=at, replaces=hold, by=by)


def to_details(held: Hold, typed: dict[str, str]) -> HttpResponse:
    """On to the page that makes the booking, with what was typed before."""
    url = reverse("details", args=[held.token])
    response = see_other(url)
    remember_hold(response, held)
    if typed:
        keep_typed(response, typed, url)
    return mark_private(response)
