"""What of a ride can still be changed, by whom, and which rules it has behind it."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from bookings.availability.rides import rules
from bookings.availability.rides.rules import RULES, Rule
from bookings.availability.rides.wish import Wish
from bookings.errors import Forbidden, Invalid, RulesRefused
from bookings.lifecycle.change import CHANGEABLE
from bookings.lifecycle.change_details import BEFORE_PICK_UP
from bookings.lifecycle.made import cancellation_terms
from bookings.lifecycle.rides.change_request import PEOPLE, RideChangeRequest
from bookings.models import Booking, Ride
from exodrive.rls import PUBLIC, current

# About when it begins alone.
OF_THE_START = {rules.past_time, rules.too_soon, rules.beyond_horizon, rules.off_step, rules.closed}
BY_THE_HEAD = {"ride_adult", "ride_child"}  # lines of a quote for seats


def changeable_until(booking: Booking, ride: Ride) -> datetime:
    """Until when its customer may change the time: as long as they may cancel."""
    if until := booking.terms.get("cancel_until"):
        return datetime.fromisoformat(until)
    return ride.starts_at - timedelta(minutes=ride.service.cancel_until_minutes)


def is_by_the_head(booking: Booking) -> bool:
    """Whether it is seats that were paid for: their number and their time are not its customer's alone."""
    return any(line.code in BY_THE_HEAD for line in booking.as_quoted.lines)


def may_tell_driver(booking: Booking, ride: Ride, at: datetime) -> bool:
    """Whether it has not begun."""
    return booking.status in BEFORE_PICK_UP and at < ride.starts_at


def may_move(booking: Booking, ride: Ride, at: datetime) -> bool:
    """Whether its customer may change when it is."""
    in_time = at < changeable_until(booking, ride)
    return may_tell_driver(booking, ride, at) and in_time and not is_by_the_head(booking)


def refuse_too_late(booking: Booking, ride: Ride, news: RideChangeRequest, at: datetime) -> None:
    """Raise Invalid for what nobody can change any more, Forbidden for what only we can."""
    if booking.status not in CHANGEABLE:
        raise Invalid(_("This can no longer be changed."))
    is_public = current().role == PUBLIC
    if is_public and news.for_the_driver and not may_tell_driver(booking, ride, at):
        raise Invalid(_("This can no longer be changed."))
    if is_by_the_head(booking) and (news.moves or news.named & set(PEOPLE)):
        raise Invalid(_("Seats on a tour cannot be changed here: call us."))
    if is_public and news.moves and not may_move(booking, ride, at):
        raise Forbidden(_("It is too late to change this online: call us."))
    if booking.status == Booking.Status.ACTIVE and news.moves:
        _refuse_moving_what_has_begun(ride, news, at)


def _refuse_moving_what_has_begun(ride: Ride, news: RideChangeRequest, at: datetime) -> None:
    hours = news.hours_of(ride)
    if hours.starts_at != ride.starts_at:
        raise Invalid.field("start", _("The ride has begun: its start stays."))
    if hours.ends_at <= at:
        raise Invalid.field("minutes", _("The ride is under way: its end cannot be in the past."))


def refuse_against_rules(ride: Ride, wish: Wish, news: RideChangeRequest, at: datetime) -> None:
    """Raise RulesRefused with every reason, except where staff make an exception."""
    if news.override or not (news.moves or news.named & set(PEOPLE)):
        return
    passed = _passed(ride, wish)
    against = [found for rule in RULES if rule not in passed and (found := rule(wish, at))]
    if against:
        raise RulesRefused(_("This ride cannot be booked so."), reasons=against)


def _passed(ride: Ride, wish: Wish) -> set[Rule]:
    """Rules that the ride has behind it: those about what stays as it is, or comes nearer to what they want."""
    was, now = ride.hours, wish.hours
    passed: set[Rule] = set()
    if was is None or now == was:
        passed |= set(RULES) - {rules.too_many, rules.too_much}
    elif now.starts_at == was.starts_at:
        passed |= OF_THE_START
    if was and now.length >= was.length:
        passed.add(rules.too_short)
    if was and now.length <= was.length:
        passed.add(rules.too_long)
    if was and was.starts_at <= now.starts_at and now.ends_at <= was.ends_at:
        passed |= {rules.not_offered, rules.outside_hours}
    if wish.passengers <= ride.passengers:
        passed.add(rules.too_many)
    if wish.bags <= ride.bags:
        passed.add(rules.too_much)
    return passed


def terms_after(booking: Booking, ride: Ride, starts_at: datetime, at: datetime) -> dict[str, Any]:
    """The terms of another time: the same hours before it. A customer who can no longer cancel for nothing does not win
    that back by another day."""
    was, moved = booking.terms, starts_at - ride.starts_at
    hours = was.get("hours", settings.FREE_CANCELLATION_HOURS)
    terms = {**was, **cancellation_terms(starts_at, hours, was.get("tiers", ()))}
    if until := was.get("cancel_until"):
        terms["cancel_until"] = (datetime.fromisoformat(until) + moved).isoformat()
    ended = booking.free_cancellation_until
    if current().role == PUBLIC and ended and ended <= at:
        terms["free_until"] = was["free_until"]
    return terms
