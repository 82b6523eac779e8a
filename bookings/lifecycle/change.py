"""Changing a booking: other days, another car, other places, times or extras, with the price difference said first."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from bookings.availability.as_of import AsOf
from bookings.availability.changing_hands import release_car
from bookings.availability.extras import book_extras, extras_of
from bookings.availability.ledger import claim, refuse_unless_allowed
from bookings.availability.locations import refuse_closed, refuse_elsewhere, refuse_too_young
from bookings.errors import Forbidden, Invalid
from bookings.events import refusals_logged
from bookings.lifecycle.change_details import apply_details, in_short, refuse_overwriting, rules_passed
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.create import PRICED
from bookings.lifecycle.history import write_down
from bookings.lifecycle.locked import lock_booking
from bookings.lifecycle.made import cancellation_terms
from bookings.lifecycle.managers import refuse_desk
from bookings.lifecycle.pricing.adjusting import Adjustment
from bookings.lifecycle.pricing.agreed import refuse_other_price
from bookings.lifecycle.pricing.repricing import rental_of, repriced, reprices
from bookings.lifecycle.request import COLUMNS, CONTACT, Extras
from bookings.lifecycle.validation import refuse_unusable_change
from bookings.models import Booking
from cars.pricing.daily import Quote
from exodrive.db.retry import retry_on_deadlock
from exodrive.money import Money
from exodrive.rls import PUBLIC, current, with_reason

CHANGEABLE = {Booking.Status.PENDING, Booking.Status.UPCOMING, Booking.Status.ACTIVE}


@dataclass(frozen=True, slots=True)
class Change:
    """The booking as it is (or would be) after a change, with its extras, and its price before and after."""

    booking: Booking
    before: Quote
    after: Quote
    extras: Extras
    had: Extras
    was: dict[str, Any]
    contact_was: tuple[Any, ...]

    @property
    def consent(self) -> str:
        """Stands for what the reader is shown: sent along with the wish to do it, it tells whether that is still so."""
        became = in_short(self.booking, self.extras)
        shown = [
            self.contact_was,
            self.was,
            became,
            str(self.before.total.amount),
            str(self.after.total.amount),
            str(self.after.deposit.amount),
            Adjustment.on(self.after).reason,
        ]
        return salted_hmac("bookings.lifecycle.change", json.dumps(shown, sort_keys=True)).hexdigest()

    @property
    def difference(self) -> Money:
        """More to pay, or less when negative."""
        return self.after.total - self.before.total


@refusals_logged()
@retry_on_deadlock(on_constraints=(PRICED,))
def change_booking(*, booking: Booking, to: ChangeRequest, at: datetime, preview: bool = False) -> Change:
    """Change what is asked for; the rest stays. Days are swapped in one transaction, the old ones stay when it fails.

    What is booked keeps its price, what is added has today's; a swap by us costs nothing: unless staff choose another
    pricing, or a manager adjusts it. Customers change days and car until settings.CHANGE_CUTOFF_HOURS before pick-up
    (Forbidden after it, and for the desk's override). `preview` does all and takes it back. Raises DatesTaken,
    RulesRefused, PriceChanged, ChangedMeanwhile, Invalid, StatusChanged. Locks: cars, extras, booking.
    """
    with transaction.atomic(durable=True):
        change = change_within(booking=booking, to=to, at=at, preview=preview)
        transaction.set_rollback(preview)
    return change


def change_within(*, booking: Booking, to: ChangeRequest, at: datetime, preview: bool = False) -> Change:
    """What `change_booking` does, as one of several things in a transaction that the caller lets fail."""
    if to.override:
        refuse_desk()
    with with_reason(to.override):
        now = lock_booking(
            booking, also=to.car, with_extras=to.touches_extras, extras=to.details.extras, days=to.days
        )
        before, had, old, pickup_at = now.as_quoted, extras_of(now), _values(now), now.pickup_at
        rental = rental_of(now, had)
        was, news = in_short(now, had), to.news_for(now)
        refuse_overwriting(now, news, had)
        if now.is_ride:
            _refuse_rentals_change(news)
        wanted = had if news.details.extras is None else news.details.counted
        _refuse_unless_changeable(now, news, at)
        refuse_unusable_change(news)
        apply_details(now, news, at)
        _refuse_unfit(now, news, at)
        if news.moves:
            _swap_days(now, news, at)
        after = repriced(before, rental, rental_of(now, wanted), news)
        if not preview:
            refuse_other_price(after, news.agreed)
        _save(now, old, pickup_at, after if after != before else None)
        if news.touches_extras:
            book_extras(now, wanted)
        change = Change(now, before, after, wanted, had, was, tuple(old[name] for name in sorted(CONTACT)))
        if not news.is_empty:
            _write_down(change, news, at)
        return change


def _refuse_unless_changeable(booking: Booking, news: ChangeRequest, at: datetime) -> None:
    days = news.days or booking.days
    if booking.status not in CHANGEABLE:
        raise Invalid(_("This can no longer be changed."))
    if booking.status == Booking.Status.ACTIVE and days.start != booking.start_date:
        raise Invalid.field("startDate", _("The rental has begun: the pick-up day stays."))
    if booking.handed_over_at and news.car:
        raise Invalid.field("carId", _("The car is out: swap it for the other one instead."))
    if booking.status == Booking.Status.ACTIVE and news.moves and days.end < _earliest_return(booking, at):
        raise Invalid.field("endDate", _("The car is still out: its return day cannot be in the past."))
    if current().role == PUBLIC and news.moves and at > change_until(booking):
        raise Forbidden(_("It is too late to change this online: call us."))
    if reprices(news):
        refuse_other_currency(booking)


def _refuse_rentals_change(news: ChangeRequest) -> None:
    """Of a ride only how its customer is reached, and what they ask for, is a matter of days and cars' rules."""
    if news.moves or news.adjustment or news.pricing or news.details.named - {"phone", "special_requests"}:
        raise Invalid(_("A ride has no rental days: cancel it and book another one, or call us."))


def _earliest_return(booking: Booking, at: datetime) -> date:
    return max(booking.drop_off.today(at), booking.car_since)


def refuse_other_currency(booking: Booking) -> None:
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


def _refuse_unfit(booking: Booking, news: ChangeRequest, at: datetime) -> None:
    """What is new must fit the rest: places the car, the driver the car, and somebody is there."""
    car, details = news.car or booking.car, news.details
    ends = (booking.pick_up, booking.drop_off) if news.car else (details.pick_up, details.drop_off)
    refuse_elsewhere(car, pick_up=ends[0], drop_off=ends[1])
    if news.override:
        return
    if news.car or details.driver_age is not None:
        refuse_too_young(car, booking.driver_age)
    if not news.moves:
        refuse_closed(car, booking.days, at=at, pick_up=details.pick_up, drop_off=details.drop_off)


def _swap_days(booking: Booking, news: ChangeRequest, at: datetime) -> None:
    car, days = news.car or booking.car, news.days or booking.days
    if not news.override:
        refuse_unless_allowed(
            car,
            days,
            as_of=AsOf.by_asker(at, booking),
            pick_up=booking.pick_up,
            drop_off=booking.drop_off,
            passed=rules_passed(booking, news),
            since=max(days.start, booking.car_since),
        )
    release_car(booking, booking.car_since)
    booking.buffer_days = car.buffer if news.car or days.end != booking.end_date else booking.buffer_days
    booking.car, booking.start_date, booking.end_date = car, days.start, days.end
    claim(booking, over_buffers=bool(news.override))


SAVED = (
    *("car_id", "start_date", "end_date", "buffer_days", "quote", "terms", "total", "deposit"),
    *COLUMNS,
)


def _values(booking: Booking) -> dict[str, Any]:
    return {name: getattr(booking, name) for name in SAVED}


def _save(booking: Booking, old: dict[str, Any], pickup_at: datetime, quote: Quote | None) -> None:
    """Write the columns that changed, and only those: the database guards some of them."""
    if booking.pickup_at != pickup_at:
        hours = booking.terms.get("hours", settings.FREE_CANCELLATION_HOURS)
        booking.terms = cancellation_terms(booking.pickup_at, hours, booking.terms.get("tiers", ()))
    if quote:
        booking.quote = quote.as_json()
        booking.total, booking.deposit = quote.total.amount, quote.deposit.amount
    changed = [name for name, value in _values(booking).items() if value != old[name]]
    if changed:
        booking.save(update_fields=[name.removesuffix("_id") for name in changed])


def _write_down(change: Change, news: ChangeRequest, at: datetime) -> None:
    more: dict[str, Any] = {"contact": sorted(news.details.named & CONTACT)}
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
