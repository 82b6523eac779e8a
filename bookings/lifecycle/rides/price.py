"""What a ride will cost: asked by whoever shows the price, and again by the verb that writes it."""

from dataclasses import replace
from datetime import datetime

from bookings.availability.rides.chosen import of_hold
from bookings.availability.rides.holds import allowed_price, price_at_all
from bookings.availability.rides.offer import Offer
from bookings.lifecycle.request import Person
from bookings.lifecycle.rides.request import RideRequest
from bookings.models import Hold
from cars.pricing.quote import Quote


def price_of(request: RideRequest, at: datetime) -> Quote:
    """With a hold as quoted when it was held, and the extras as of today; else as of today, and as the rules allow.

    Raises RulesRefused, also where a currency has changed and no rate is left.
    """
    hold, offer = request.hold, Offer.of(request.wish.service)
    if hold is None:
        return allowed_price(offer, request.wish, request.priced_by, at)
    quoted = hold.as_quoted
    if quoted is None or not hold.in_catalogue_currency:
        return price_at_all(offer, request.wish, request.priced_by)
    if not request.details.counted:
        return quoted
    today = price_at_all(offer, request.wish, request.priced_by)
    extras = [line for line in today.lines if line.code == "extra"]
    return replace(quoted, lines=(*quoted.lines, *extras))


def price_of_held(hold: Hold, at: datetime) -> Quote:
    """What a held ride costs, with nothing beside it. Raises as above."""
    wish, options = of_hold(hold)
    return price_of(RideRequest(wish, options, Person("", ""), hold=hold), at)
