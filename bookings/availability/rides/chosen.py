"""What a customer chose of a ride, as a hold keeps it and as prices and rules ask for it."""

from dataclasses import replace
from typing import Any

from bookings.availability.rides.wish import Wish
from bookings.models import Hold, Ride
from cars.models import Place
from cars.pricing.rides.inputs import RideOptions


def kept(wish: Wish, options: RideOptions) -> dict[str, Any]:
    """As JSON: ids and numbers, nothing about a person. `passengers` are the adults, as prices count them."""
    return {
        "from_place": options.from_place and options.from_place.pk,
        "to_place": options.to_place and options.to_place.pk,
        "passengers": wish.passengers - options.children,
        "children": options.children,
        "bags": wish.bags,
        "private": wish.private,
    }


def of_hold(hold: Hold) -> tuple[Wish, RideOptions]:
    """What a held ride is. One query where places were chosen. Raises ValueError for a hold of days."""
    if hold.service is None or hold.car_class is None or hold.hours is None:
        raise ValueError("it is held for whole days")
    said = hold.choice
    places = Place.objects.in_bulk([pk for pk in (said["from_place"], said["to_place"]) if pk])
    options = RideOptions(
        from_place=places.get(said["from_place"]),
        to_place=places.get(said["to_place"]),
        passengers=said["passengers"],
        children=said["children"],
        booked_at=hold.created_at,
    )
    people = said["passengers"] + said["children"]
    return Wish(hold.service, hold.car_class, hold.hours, people, said["bags"], hold.departure), options


def of_ride(ride: Ride) -> tuple[Wish, RideOptions]:
    """What a booked ride is, for a price as of today."""
    hours = ride.hours
    if hours is None:  # a ride has hours, says the database
        raise ValueError("it is for whole days")
    options = RideOptions(
        from_place=ride.from_place,
        to_place=ride.to_place,
        km=ride.distance_km,
        passengers=ride.passengers - ride.children,
        children=ride.children,
        booked_at=ride.created_at,
    )
    wish = Wish(ride.service, ride.car_class, hours, ride.passengers, ride.bags, ride.departure)
    return wish, options


def columns_of(wish: Wish, options: RideOptions) -> dict[str, Any]:
    """As the columns of a ride."""
    hours = wish.hours
    return {
        "service": wish.service,
        "car_class": wish.car_class,
        "starts_at": hours.starts_at,
        "ends_at": hours.ends_at,
        "before_minutes": hours.before_minutes,
        "after_minutes": hours.after_minutes,
        "from_place": options.from_place,
        "to_place": options.to_place,
        "passengers": wish.passengers,
        "children": options.children,
        "bags": wish.bags,
        "distance_km": options.km,
        "departure": wish.departure,
        "seats": wish.seats,
    }


def with_extras(options: RideOptions, extras: Any) -> RideOptions:
    """The same with what is wanted beside it."""
    return replace(options, extras=tuple(extras))
