"""Holds of rides: a car of the class, kept with its hours for somebody who fills in their details."""

from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from bookings.availability.changing_hands import release
from bookings.availability.holds import ANYBODY, Visitor
from bookings.availability.hours.spans import claim_spans
from bookings.availability.ledger import lock_cars
from bookings.availability.rides.cars import assign
from bookings.availability.rides.offer import Offer
from bookings.availability.rides.rules import reasons
from bookings.availability.rides.wish import Wish
from bookings.errors import RulesRefused
from bookings.events import refusals_logged
from bookings.models import Hold
from bookings.tokens import hash_of, new_nonce, token_of
from cars.models import Car
from cars.pricing.quote import Quote
from cars.pricing.rides.inputs import RideOptions
from exodrive.db.retry import retry_on_deadlock


@refusals_logged()
@retry_on_deadlock()
def hold_ride(
    *,
    wish: Wish,
    options: RideOptions,
    at: datetime,
    replaces: Hold | None = None,
    by: Visitor = ANYBODY,
) -> Hold:
    """Keep a car of the class for the hours, with their price, for settings.HOLD_FOR from `at`.

    `replaces` is given back in the same transaction. Raises RulesRefused or DatesTaken; then the old hold stays.
    """
    if against := reasons(wish, at):
        raise RulesRefused(reasons=against)
    quote = Offer.of(wish.service).quote(wish, options)
    with transaction.atomic(durable=True):
        if replaces:
            lock_cars(replaces.car_id)
            release(replaces)
            Hold.objects.filter(pk=replaces.pk, booking=None, expires_at__gt=Now()).update(expires_at=Now())
        return assign(wish, at, partial(_take, wish, quote, at, by))


def _take(wish: Wish, quote: Quote, at: datetime, by: Visitor, car: Car) -> Hold:
    days, nonce = wish.hours.days(car.location.zone), new_nonce()
    hold = Hold(
        car=car,
        start_date=days.start,
        end_date=days.end,
        expires_at=at + settings.HOLD_FOR,
        dates_chosen_at=by.chosen_at or at,
        since=at,
        source=by.source,
        visitor=by.visitor,
        network=by.network,
        code_id=by.code,
        quote=quote.as_json(),
        nonce=nonce,
        token_hash=hash_of(token_of(nonce)),
        created_at=at,
    )
    hold.hours = wish.hours
    hold.save(force_insert=True)
    claim_spans(hold)
    return hold
