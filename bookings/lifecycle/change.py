"""Changing a booking: other days, another car, other places, times or extras, with the price difference said first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from bookings.availability.as_of import AsOf
from bookings.availability.extras import book_extras, extras_of
from bookings.availability.ledger import claim, refuse_unless_allowed, release
from bookings.availability.locations import refuse_closed, refuse_elsewhere, refuse_too_young
from bookings.days import Days
from bookings.errors import Forbidden, Invalid
from bookings.events import actor_kind, log_event, refusals_logged
from bookings.lifecycle.change_details import CONTACT, Details, apply_details, rules_passed
from bookings.lifecycle.create import cancellation_terms
from bookings.lifecycle.locked import lock_booking
from bookings.models import Booking, BookingChange
from bookings.signals import booking_changed
from cars.models import Car, Extra
from cars.pricing.daily import PricingOptions, Quote, quote_rental
from cars.pricing.tariff import tariff_of
from exodrive.db.retry import retry_on_deadlock
from exodrive.money import Money
from exodrive.rls import PUBLIC, current, with_reason

Extras = Sequence[tuple[Extra, int]]
CHANGEABLE = {Booking.Status.PENDING, Booking.Status.UPCOMING, Booking.Status.ACTIVE}


@dataclass(frozen=True, slots=True)
class Change:
    """The booking as it is (or would be) after a change, with its extras, and its price before and after."""

    booking: Booking
    before: Quote
    after: Quote
    extras: Extras
    had: Extras

    @property
    def difference(self) -> Money:
        """More to pay, or less when negative."""
        return self.after.total - self.before.total


@refusals_logged()
@retry_on_deadlock()
def change_booking(
    *,
    booking: Booking,
    at: datetime,
    days: Days | None = None,
    car: Car | None = None,
    details: Details | None = None,
    extras: Extras | None = None,
    override: str = "",
    preview: bool = False,
) -> Change:
    """Change what is given; the rest stays. Days are swapped in one transaction, the old ones stay when it fails.

    Other days, car, places or wishes are priced as of today; otherwise the frozen quote stays. Customers change days
    and car until settings.CHANGE_CUTOFF_HOURS before pick-up (Forbidden after it). `preview` does all of it and takes
    it back. `override` is staff's reason for breaking rules. Raises DatesTaken, RulesRefused, Invalid, StatusChanged.
    Locks: cars, extras, booking.
    """
    details = details or Details()
    with transaction.atomic(durable=True), with_reason(override):
        with_extras = bool(days or car or details.pick_up or extras is not None)
        now = lock_booking(booking, also=car, with_extras=with_extras, extras=extras, days=days)
        details = details.news_for(now, days or now.days)
        before, had, old, pickup_at = now.as_quoted, extras_of(now), _values(now), now.pickup_at
        was = _in_short(now, had)
        wanted_days, wanted_car = days or now.days, car or now.car
        moves = wanted_days != now.days or wanted_car.pk != now.car_id
        wanted = (
            had if extras is None else sorted(((x, n) for x, n in extras if n), key=lambda pair: pair[0].pk)
        )
        if [(x.pk, n) for x, n in wanted] == [(x.pk, n) for x, n in had]:
            extras = None
        _refuse_unless_changeable(now, wanted_days, moves, at)
        priced_anew = moves or details.prices or extras is not None
        if priced_anew:
            _refuse_other_currency(now)
        apply_details(now, details, day=wanted_days)
        _refuse_unfit(now, wanted_car, wanted_days, details, at, override)
        if moves:
            _swap_days(now, wanted_car, wanted_days, details, at, override)
        after = _priced(now, wanted) if priced_anew else before
        _save(now, old, pickup_at, after if priced_anew else None)
        if moves or details.pick_up or extras is not None:
            book_extras(now, wanted)
        if moves or extras is not None or details.named:
            _write_down(now, was, wanted, details, after.total - before.total, override, at)
        transaction.set_rollback(preview)
    return Change(now, before, after, wanted, had)


def _refuse_unless_changeable(booking: Booking, days: Days, moves: bool, at: datetime) -> None:
    if booking.status not in CHANGEABLE:
        raise Invalid(_("This can no longer be changed."))
    if booking.status == Booking.Status.ACTIVE and days.start != booking.start_date:
        raise Invalid.field("startDate", _("The rental has begun: the pick-up day stays."))
    if booking.status == Booking.Status.ACTIVE and moves and days.end < booking.drop_off.today(at):
        raise Invalid.field("endDate", _("The car is still out: its return day cannot be in the past."))
    if current().role == PUBLIC and moves and at > change_until(booking):
        raise Forbidden(_("It is too late to change this online: call us."))


def _refuse_other_currency(booking: Booking) -> None:
    """There are no rates in a currency that the catalogue has left, and nobody owes two currencies for one rental."""
    if not booking.in_catalogue_currency:
        words = _(
            "This booking was priced in %(booked)s and our prices are in %(now)s now: "
            "its days, car, places and extras can no longer be changed."
        )
        raise Invalid(words % {"booked": booking.currency, "now": settings.CURRENCY})


def change_until(booking: Booking) -> datetime:
    """Until when a customer may change days or car."""
    return booking.pickup_at - timedelta(hours=settings.CHANGE_CUTOFF_HOURS)


def _refuse_unfit(
    booking: Booking, car: Car, days: Days, details: Details, at: datetime, override: str
) -> None:
    """What is new must fit the rest: places the car, the driver the car, and somebody is there."""
    if car.pk != booking.car_id or details.pick_up or details.drop_off:
        refuse_elsewhere(car, pick_up=booking.pick_up, drop_off=booking.drop_off)
    if override:
        return
    if car.pk != booking.car_id or details.driver_age is not None:
        refuse_too_young(car, booking.driver_age)
    if (car.pk, days) == (booking.car_id, booking.days):
        refuse_closed(car, days, at=at, pick_up=details.pick_up, drop_off=details.drop_off)


def _swap_days(booking: Booking, car: Car, days: Days, details: Details, at: datetime, override: str) -> None:
    if not override:
        refuse_unless_allowed(
            car,
            days,
            as_of=AsOf(at, booking),
            pick_up=booking.pick_up,
            drop_off=booking.drop_off,
            passed=rules_passed(booking, car, days, details),
        )
    release(booking)
    booking.car, booking.start_date, booking.end_date = car, days.start, days.end
    booking.buffer_days = car.buffer
    claim(booking, over_buffers=bool(override))


def _priced(booking: Booking, extras: Extras) -> Quote:
    """The quote as of today."""
    choices = PricingOptions(
        booking.pick_up.pk, booking.drop_off.pk, booking.delivery, booking.driver_age, tuple(extras)
    )
    return quote_rental(booking.car, booking.days, tariff_of(booking.start_date, booking.end_date), choices)


def as_of_today(booking: Booking) -> Quote:
    """What the booking would cost if it were made now, beside "as booked"."""
    return _priced(booking, extras_of(booking))


SAVED = (
    "car_id",
    "start_date",
    "end_date",
    "buffer_days",
    "quote",
    "terms",
    "total",
    "deposit",
    "phone",
    "special_requests",
    "pickup_time",
    "return_time",
    "delivery",
    "driver_age",
)


def _values(booking: Booking) -> dict[str, Any]:
    return {name: getattr(booking, name) for name in SAVED}


def _save(booking: Booking, old: dict[str, Any], pickup_at: datetime, quote: Quote | None) -> None:
    """Write the columns that changed, and only those: the database guards some of them."""
    if booking.pickup_at != pickup_at:
        hours = booking.terms.get("hours", settings.FREE_CANCELLATION_HOURS)
        booking.terms = cancellation_terms(booking.pickup_at, hours)
    if quote:
        booking.quote = quote.as_json()
        booking.total, booking.deposit = quote.total.amount, quote.deposit.amount
    changed = [name for name, value in _values(booking).items() if value != old[name]]
    if changed:
        booking.save(update_fields=[name.removesuffix("_id") for name in changed])


def _in_short(booking: Booking, extras: Extras) -> dict[str, Any]:
    """What a change may touch, without anything personal."""
    return {
        "days": booking.days.isoformat,
        "car": booking.car_id,
        "pick_up": booking.pick_up.pk,
        "drop_off": booking.drop_off.pk,
        "pickup_time": f"{booking.pickup_time:%H:%M}",
        "return_time": f"{booking.return_time:%H:%M}",
        "delivery": booking.delivery,
        "extras": {str(extra.pk): n for extra, n in extras},
        "total": str(booking.total),
    }


def _write_down(
    booking: Booking,
    was: dict[str, Any],
    extras: Extras,
    details: Details,
    difference: Money,
    reason: str,
    at: datetime,
) -> None:
    ident = current()
    change = BookingChange(
        booking=booking,
        actor_kind=actor_kind(),
        actor_id=ident.user_id or None,
        before=was,
        after=_in_short(booking, extras) | {"contact": sorted(details.named & CONTACT)},
        difference=difference.amount,
        reason=reason,
        created_at=at,
    )
    change.save(force_insert=True)
    booking_changed.send(Booking, booking=booking, change=change)
    log_event(
        "booking_changed", booking_id=str(booking.pk), difference=str(difference.amount), actor=actor_kind()
    )
