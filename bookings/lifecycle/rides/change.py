"""Changing a ride: what its driver has to know, and when it is; with the price difference said first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.availability.extras import book_extras, extras_of
from bookings.availability.holds import PRICED
from bookings.availability.hours.spans import move_spans
from bookings.availability.rides.cars import free_cars, in_order, none_left
from bookings.availability.rides.chosen import of_ride, with_extras
from bookings.availability.rides.offer import Offer, no_price
from bookings.availability.rides.wish import Wish
from bookings.errors import ChangedMeanwhile, DatesTaken, Forbidden, RulesRefused
from bookings.events import refusals_logged
from bookings.hours import Hours
from bookings.lifecycle.change import Change, refuse_other_currency
from bookings.lifecycle.change_details import in_short
from bookings.lifecycle.history import write_down
from bookings.lifecycle.locked import lock_booking
from bookings.lifecycle.managers import may_manage, refuse_desk
from bookings.lifecycle.pricing.adjusting import adjusted
from bookings.lifecycle.pricing.agreed import refuse_other_price
from bookings.lifecycle.request import Extras
from bookings.lifecycle.rides.change_limits import refuse_against_rules, refuse_too_late, terms_after
from bookings.lifecycle.rides.change_request import OF_THE_BOOKING, RideChangeRequest, value_of
from bookings.lifecycle.rides.request import SAID
from bookings.lifecycle.rides.validation import refuse_unusable_news
from bookings.lifecycle.validation import refuse_unreachable
from bookings.models import Booking, Ride
from bookings.ridden import local, ride_of
from cars.models import Car
from cars.pricing.adjust import adjustments, balanced
from cars.pricing.agreed import Pricing
from cars.pricing.quote import Quote
from cars.pricing.rides.inputs import NoPrice
from exodrive.db.retry import retry_on_deadlock
from exodrive.rls import PUBLIC, STAFF, current, with_reason

HOURS = ("starts_at", "ends_at", "before_minutes", "after_minutes")


@refusals_logged()
@retry_on_deadlock(on_constraints=(PRICED,))
def change_ride(*, booking: Booking, to: RideChangeRequest, at: datetime, preview: bool = False) -> Change:
    """Change what is asked for; the rest stays. Another time keeps the car where that is free then, else gets another one
    of the class, unless the customer chose this very car; the old hours stay when none is left.

    Another time or length costs what it does today; what staff put on the price by hand stays. Customers change them
    until their terms end cancelling (Forbidden after it), and what the driver has to know until the ride begins. `preview`
    does all and takes it back. Raises DatesTaken, RulesRefused, PriceChanged, ChangedMeanwhile, Invalid, StatusChanged.
    Locks: cars, extras, booking.
    """
    if to.override:
        refuse_desk()
    with transaction.atomic(durable=True), with_reason(to.override):
        change = _with_a_car(booking, to, at, preview=preview)
        transaction.set_rollback(preview)
    return change


def _with_a_car(booking: Booking, to: RideChangeRequest, at: datetime, *, preview: bool) -> Change:
    """Each car is tried in a savepoint of its own: with it go the locks of one that was had by a rival, so that nobody
    holds locks out of order.
    """
    asked = to.wish(ride_of(booking))
    for car, is_free in _cars(booking, asked, at):
        try:
            with transaction.atomic():
                return _change(booking, to, car if is_free else None, at, preview=preview)
        except DatesTaken:
            continue
    raise DatesTaken(reasons=[none_left()])


def _cars(booking: Booking, asked: Wish, at: datetime) -> Iterator[tuple[Car, bool]]:
    """Its own car first, and whether that can be had at all; staff's word goes, as far as the ledger allows."""
    ride = ride_of(booking)
    if asked.hours == ride.hours:
        yield booking.car, True
        return
    free = free_cars(asked, at, booking)
    yield booking.car, booking.car_id in free or current().role == STAFF
    if not ride.given_car:
        for car in in_order([pk for pk in free if pk != booking.car_id]):
            yield car, True


def _change(
    booking: Booking, to: RideChangeRequest, car: Car | None, at: datetime, *, preview: bool
) -> Change:
    read = ride_of(booking)
    days = to.wish(read).hours.days(read.service.location.zone)
    # Its extras are counted by the day, and follow it.
    now = lock_booking(booking, also=car, with_extras=to.moves, days=days)
    before, had, ride = now.as_quoted, extras_of(now), ride_of(now)
    _refuse_overwriting(booking, now, to)
    was, contact_was = in_short(now, had), tuple(value_of(now, ride, name) for name in SAID)
    news = to.news_for(now, ride)
    wish = news.wish(ride)
    refuse_too_late(now, ride, news, at)
    refuse_unusable_news(news, ride)
    if news.reprices:
        refuse_other_currency(now)
    refuse_against_rules(ride, wish, news, at)
    after = _priced(before, ride, wish, had, news, at)
    if not preview:
        refuse_other_price(after, news.agreed)
    if car is None:
        raise DatesTaken(reasons=[none_left()])
    _tell(now, ride, news)
    _charge(now, after)
    if news.moves:
        _move(now, ride, car, wish.hours, at)
        book_extras(now, had)
    change = Change(now, before, after, had, had, was, contact_was)
    if not news.is_empty:
        _write_down(change, news, at)
    return change


def _refuse_overwriting(read: Booking, now: Booking, to: RideChangeRequest) -> None:
    """Raise ChangedMeanwhile where what is to change is not as it was when it was read."""
    one, other = ride_of(read), ride_of(now)
    moved = to.reprices and (one.hours, read.quote) != (other.hours, now.quote)
    if moved or any(value_of(read, one, name) != value_of(now, other, name) for name in to.named):
        raise ChangedMeanwhile


def _priced(
    before: Quote, ride: Ride, wish: Wish, had: Extras, news: RideChangeRequest, at: datetime
) -> Quote:
    """As of today where the time is another one, and as agreed else; lines that were put there by hand stay.

    A new start is priced like a booking of this moment. Raises Forbidden as for rentals, RulesRefused where nobody has
    said a price.
    """
    if news.pricing and current().role == PUBLIC:
        raise Forbidden
    if not news.reprices:
        return adjusted(before, news.adjustment)
    _same, options = of_ride(ride)
    if news.start is not None:
        options = replace(options, booked_at=at)
    try:
        anew = Offer.of(wish.service).quote(wish, with_extras(options, had))
    except NoPrice:
        raise RulesRefused(_("This ride cannot be booked so."), reasons=[no_price()]) from None
    after = replace(anew, lines=(*anew.lines, *adjustments(before)))
    if news.pricing == Pricing.KEPT:
        if after.total > before.total and not may_manage():
            raise Forbidden(_("Only a manager may add something for nothing."))
        after = balanced(after, before.total)
    return adjusted(after, news.adjustment)


def _tell(booking: Booking, ride: Ride, news: RideChangeRequest) -> None:
    said = {name: getattr(news, name) for name in news.named}
    _write(ride, {name: value for name, value in said.items() if name not in OF_THE_BOOKING})
    _write(booking, {name: value for name, value in said.items() if name in OF_THE_BOOKING})
    refuse_unreachable(booking)


def _charge(booking: Booking, quote: Quote) -> None:
    if quote != booking.as_quoted:
        frozen = {"quote": quote.as_json(), "total": quote.total.amount, "deposit": quote.deposit.amount}
        _write(booking, frozen)


def _move(booking: Booking, ride: Ride, car: Car, hours: Hours, at: datetime) -> None:
    terms = terms_after(booking, ride, hours.starts_at, at)
    _write(ride, {name: getattr(hours, name) for name in HOURS})
    begins, ends = local(ride)
    days = {"start_date": begins.date(), "end_date": ends.date()}
    times = {"pickup_time": begins.time(), "return_time": ends.time()}
    _write(booking, {"car": car, "terms": terms, **days, **times})
    move_spans(booking)


def _write(row: Booking | Ride, values: dict[str, Any]) -> None:
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name, value in values.items():
        setattr(row, name, value)
    if changed:
        row.save(update_fields=changed)


def _write_down(change: Change, news: RideChangeRequest, at: datetime) -> None:
    more: dict[str, Any] = {"contact": sorted(news.personal)}
    if news.pricing:
        more["pricing"] = news.pricing.value
    why = [news.override, news.adjustment.reason if news.adjustment else ""]
    write_down(
        change.booking,
        before=change.was,
        after=in_short(change.booking, change.extras) | more,
        difference=change.difference,
        reason="\n".join(filter(None, why)),
        at=at,
    )
