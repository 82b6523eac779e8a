"""A ride that is held or booked, as pages show it, and where it is chosen."""

from typing import Any

from bookings.availability.rides.rules import lasting
from bookings.availability.rides.wish import Wish
from bookings.forms.rides import as_query
from bookings.views.catalogue import query
from bookings.views.rides.services import url_of
from cars.pricing.rides.inputs import RideOptions


def ride_context(wish: Wish, options: RideOptions) -> dict[str, Any]:
    """What a template says of a ride: the service, when by the clock of its place, how long, from where to where."""
    zone = wish.service.location.zone
    return {
        "service": wish.service,
        "car_class": wish.car_class,
        "begins": wish.hours.starts_at.astimezone(zone),
        "ends": wish.hours.ends_at.astimezone(zone),
        "lasting": lasting(wish.minutes),
        "from_place": options.from_place,
        "to_place": options.to_place,
        "passengers": wish.passengers,
        "bags": wish.bags,
    }


def choice_url(wish: Wish, options: RideOptions) -> str:
    """The page of its service, with all of the wish filled in."""
    return url_of(wish.service) + query(**as_query(wish, options))
