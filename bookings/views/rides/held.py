"""A ride that is held or booked, as pages show it, and where it is chosen."""

from typing import Any

from bookings.availability.rides.chosen import of_ride
from bookings.availability.rides.rules import lasting
from bookings.availability.rides.wish import Wish
from bookings.forms.rides import as_query
from bookings.forms.seats import as_seats_query
from bookings.models import Booking, Ride
from bookings.ridden import ride_of, stops
from bookings.views.lists.offers import query
from bookings.views.rides.services import url_of
from cars.pricing.rides.inputs import RideOptions


def ride_context(wish: Wish, options: RideOptions, ride: Ride | None = None) -> dict[str, Any]:
    """What a template says of a ride: the service, when by the clock of its place, how long, from where to where.

    With the doors and what else was typed where it is booked: `stops` are labelled lines.
    """
    zone = wish.service.location.zone
    return {
        "service": wish.service,
        "car_class": wish.car_class,
        "begins": wish.hours.starts_at.astimezone(zone),
        "ends": wish.hours.ends_at.astimezone(zone),
        "lasting": lasting(wish.minutes),
        "passengers": wish.passengers,
        "bags": wish.bags,
        "driver_name": ride.driver_name if ride else "",
        "car": ride.booking.car if ride and ride.says_its_car else None,
        "stops": stops(wish.service, (options.from_place, options.to_place), ride, wish.departure),
    }


def context_of_booked(booking: Booking) -> dict[str, Any]:
    """The same for a ride that is booked."""
    ride = ride_of(booking)
    return ride_context(*of_ride(ride), ride)


def choice_url(wish: Wish, options: RideOptions) -> str:
    """The page of its service, with all of the wish filled in."""
    if wish.departure:
        return url_of(wish.service) + query(**as_seats_query(wish, options)) + "#seats"
    return url_of(wish.service) + query(**as_query(wish, options))


def again_url(booking: Booking) -> str:
    """Where the same ride can be chosen once more."""
    return choice_url(*of_ride(ride_of(booking)))
