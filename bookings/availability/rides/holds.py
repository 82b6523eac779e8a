"""Holding a ride: the hours of some car of its class are kept while somebody fills in their details."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from bookings.availability.departures.seats import take_seats
from bookings.availability.holds import (
    ANYBODY,
    PRICED,
    Visitor,
    count_against,
    drop,
    refuse_too_much_unproven,
    turn_of,
)
from bookings.availability.hours.spans import claim_spans
from bookings.availability.ledger import lock_cars
from bookings.availability.rides.cars import assign
from bookings.availability.rides.chosen import kept
from bookings.availability.rides.offer import Offer, no_price
from bookings.availability.rides.rules import reasons
from bookings.availability.rides.wish import Wish
from bookings.availability.rules import Reason
from bookings.errors import RulesRefused
from bookings.events import refusals_logged
from bookings.models import Hold, TourDeparture
from bookings.tokens import hash_of, new_nonce, token_of
from cars.catalogue import catalogue
from cars.models import Car, Service
from cars.pricing.quote import Quote
from cars.pricing.rides.inputs import NoPrice, RideOptions
from exodrive.db.retry import retry_on_deadlock


@refusals_logged()
@retry_on_deadlock(on_constraints=(PRICED,))
def hold_ride(
    *,
    wish: Wish,
    options: RideOptions,
    at: datetime,
    replaces: Hold | None = None,
    by: Visitor = ANYBODY,
) -> Hold:
    """Keep the hours on the best car of the class, or seats of a departure, and their price, for settings.HOLD_FOR.

    `replaces` is given back in the same transaction. Counted with holds of days, and limited as they are. Raises
    RulesRefused with every reason, DatesTaken when no car of the class is left, TooManyRequests, ProofRequired or
    Unavailable; then the old hold stays. Locks: the car of the old hold, the car or the departure.
    """
    with transaction.atomic(durable=True):
        wish = as_offered(wish)
        price = allowed_price(Offer.of(wish.service), wish, options, at)
        if replaces:
            lock_cars(replaces.car_id)
            drop(replaces)
        count_against(by)

        if wish.departure:
            hold = _priced(wish, wish.departure.car, at, by, price, options)
            hold.save(force_insert=True)
            take_seats(hold, wish.departure, wish.seats)
            return hold

        def take(car: Car) -> Hold:
            hold = _priced(wish, car, at, by, price, options)
            if by.visitor and not by.code:
                refuse_too_much_unproven(car, hold.days, replaces=replaces)
            hold.save(force_insert=True)
            claim_spans(hold)
            return hold

        return assign(wish, at, take)


def as_offered(wish: Wish) -> Wish:
    """The same of its service and place as they are now. Raises RulesRefused when it is not there for who asks any more."""
    service = Service.objects.select_related("location", "tour").filter(pk=wish.service.pk).first()
    if service is None:
        raise not_there()
    service.location = catalogue().location(service.location_id) or service.location
    departure = wish.departure and departure_now(wish.departure.pk)
    return replace(wish, service=service, departure=departure)


def departure_now(pk: Any) -> TourDeparture:
    """A departure with its car. Raises RulesRefused when it is not there for who asks any more."""
    found = TourDeparture.objects.select_related("tour", "car__car_class", "car__location").filter(pk=pk)
    departure = found.first()
    if departure is None:
        raise not_there()
    return departure


def not_there() -> RulesRefused:
    """What is not offered any more, for who sees only what is."""
    gone = _("This service is not offered at the moment.")
    return RulesRefused(gone, reasons=[Reason("not_offered", gone)])


def price_at_all(offer: Offer, wish: Wish, options: RideOptions) -> Quote:
    """What it costs as of now, whatever the rules say. Raises RulesRefused where no rate says a price."""
    try:
        return offer.quote(wish, options)
    except NoPrice:
        raise _refused([no_price()]) from None


def _refused(against: list[Reason]) -> RulesRefused:
    return RulesRefused(_("This ride cannot be booked so."), reasons=against)


def allowed_price(offer: Offer, wish: Wish, options: RideOptions, at: datetime) -> Quote:
    """What it costs as of now. Raises RulesRefused with every reason against it, a missing price among them."""
    against = reasons(wish, at)
    try:
        price = offer.quote(wish, options)
    except NoPrice:
        against.append(no_price())
    if against:
        raise _refused(against)
    return price


def _priced(wish: Wish, car: Car, at: datetime, by: Visitor, price: Quote, options: RideOptions) -> Hold:
    hold = _draft(wish, car, at, by)
    hold.quote, hold.choice = price.as_json(), kept(wish, options)
    hold.since = turn_of(hold, at)
    return hold


def _draft(wish: Wish, car: Car, at: datetime, by: Visitor) -> Hold:
    """The hold of a car, not priced and not yet written."""
    days, nonce = wish.hours.days(wish.service.location.zone), new_nonce()
    hold = Hold(
        car=car,
        service=wish.service,
        car_class=wish.car_class,
        departure=wish.departure,
        seats=wish.seats,
        start_date=days.start,
        end_date=days.end,
        expires_at=at + settings.HOLD_FOR,
        dates_chosen_at=by.chosen_at or at,
        source=by.source,
        visitor=by.visitor,
        network=by.network,
        code_id=by.code,
        nonce=nonce,
        token_hash=hash_of(token_of(nonce)),
        created_at=at,
    )
    hold.hours = wish.hours
    return hold
