"""Departures of tours as programs see and name them: seats instead of a car to oneself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from bookings.api.render import money_out
from bookings.api.rides.inputs import RideWantedIn
from bookings.api.rides.schemas import DepartureOut, wall_text
from bookings.availability.departures.offered import Going, coming
from bookings.availability.rides.offer import Offer
from bookings.availability.rides.wish import Wish
from bookings.errors import Invalid
from bookings.models import Hold
from cars.pricing.rides.inputs import NoPrice, RideOptions
from exodrive.money import Money


def departures_of(
    offer: Offer, at: datetime, *, since: date | None, until: date | None, own: Hold | None
) -> list[DepartureOut]:
    """Those on sale that have a price, sold out ones too, on these local days (both included)."""
    found = coming(offer.service, at, own)
    there = [
        one
        for one in found
        if (since is None or one.begins.date() >= since) and (until is None or one.begins.date() <= until)
    ]
    return [out for one in there for out in _out(offer, one, at)]


def _out(offer: Offer, one: Going, at: datetime) -> Iterator[DepartureOut]:
    adult = _price(offer, one, RideOptions(passengers=1, booked_at=at))
    both = _price(offer, one, RideOptions(passengers=1, children=1, booked_at=at))
    if adult is None:
        return
    departure = one.departure
    yield DepartureOut(
        id=departure.pk,
        start=wall_text(one.begins),
        starts_at=departure.starts_at,
        ends_at=departure.ends_at,
        time_zone=offer.service.location.time_zone,
        language=departure.language,
        capacity=departure.capacity,
        seats_left=one.left,
        price=money_out(adult),
        child_price=money_out(both - adult) if both else None,
    )


def _price(offer: Offer, one: Going, options: RideOptions) -> Money | None:
    wish = one.seats(options.passengers + options.children)
    if wish is None:
        return None
    try:
        return offer.quote(wish, options).total
    except NoPrice:
        return None


def seats_asked(offer: Offer, body: RideWantedIn, at: datetime) -> tuple[Wish, RideOptions]:
    """Seats on the departure that a body names. Raises Invalid, naming what does not go with it."""
    people = body.ride
    going = next((one for one in coming(offer.service, at) if one.departure.pk == body.departure_id), None)
    wish = going.seats(people.passengers) if going else None
    if going is None or wish is None:
        raise Invalid.field("departureId", _("Choose a departure that can still be booked"))
    wrong: dict[str, list[str]] = {}
    if body.start != going.begins.replace(tzinfo=None, fold=0):
        wrong["start"] = [_("This departure begins at another time.")]
    if body.car_class_id not in (None, wish.car_class.pk):
        wrong["carClassId"] = [_("Choose a class")]
    if body.minutes not in (None, wish.minutes):
        wrong["minutes"] = [_("A departure takes its own time. Leave the minutes out.")]
    if people.children >= people.passengers:
        wrong["ride.children"] = [_("Children ride with somebody: count them among the passengers.")]
    if wrong:
        raise Invalid(fields=wrong)
    options = RideOptions(
        passengers=people.passengers - people.children, children=people.children, booked_at=at
    )
    return replace(wish, bags=people.bags), options
