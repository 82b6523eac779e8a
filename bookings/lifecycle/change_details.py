"""Writing new details on a booking: contact, requests, places, times and what is added to the rental."""

from datetime import UTC, datetime, time
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from bookings.availability import rules
from bookings.availability.locations import refuse_return_before_pick_up
from bookings.availability.rules import Rule
from bookings.availability.times import Handover, refuse_impossible, usual_pickup
from bookings.days import Days
from bookings.errors import ChangedMeanwhile, Invalid
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.pricing.adjusting import Adjustment
from bookings.lifecycle.request import COLUMNS, CONTACT, DETAILS, Details, Extras
from bookings.lifecycle.validation import of_delivery, refuse_unreachable
from bookings.models import PLACES, Booking, BookingLocation
from bookings.ridden import ride_of
from cars.models import Location

HOURS = "places__location__opening_hours"
BEFORE_PICK_UP = {Booking.Status.PENDING, Booking.Status.UPCOMING}
BEFORE_RETURN = BEFORE_PICK_UP | {Booking.Status.ACTIVE}


def apply_details(booking: Booking, news: ChangeRequest, at: datetime) -> None:
    """Set the new values on a locked booking whose days may become others; places are written at once.

    Pick-up can be changed until it happened, everything else until the car is back. A time that was the usual one of
    its day and place, and is not new itself, follows to another day or place. Raises Invalid for what is too late, for
    a time at which nobody can hand over the car, and for a return before the pick-up.
    """
    details, days = news.details, news.days or booking.days
    _check_status(booking, details)
    prefetch_related_objects([booking], HOURS)
    usual = {name for name, clock in _usual_times(booking).items() if clock == getattr(booking, name)}
    _move(booking, BookingLocation.Kind.PICK_UP, details.pick_up)
    _move(booking, BookingLocation.Kind.DROP_OFF, details.drop_off)
    booking.__dict__.pop("_places", None)
    booking.__dict__.get("_prefetched_objects_cache", {}).pop("places", None)
    prefetch_related_objects([booking], PLACES, HOURS)
    for name in COLUMNS:
        if name in details.named:
            setattr(booking, name, getattr(details, name))
    refuse_unreachable(booking)
    _settle_delivery(booking, details)
    for name, clock in _usual_times(booking, days, at).items():
        if name in usual - details.named:
            setattr(booking, name, clock)
    _check_times(booking, news, at)


def _settle_delivery(booking: Booking, details: Details) -> None:
    """A car that is not brought any more needs no address; one that is brought from now on needs one."""
    if not details.named & {"delivery", "delivery_address"}:
        return
    if not booking.delivery and not details.delivery_address:
        booking.delivery_address = ""
    if problems := of_delivery(booking.delivery, booking.delivery_address):
        raise Invalid(fields=problems)


def _usual_times(booking: Booking, to: Days | None = None, at: datetime | None = None) -> dict[str, time]:
    days = to or booking.days
    begins = at and days.start != booking.start_date
    return {
        "pickup_time": usual_pickup(booking.pick_up, days.start, at)
        if at and begins
        else booking.pick_up.opens_on(days.start),
        "return_time": booking.drop_off.closes_on(days.end),
    }


def refuse_overwriting(booking: Booking, news: ChangeRequest, had: Extras) -> None:
    """Raise ChangedMeanwhile where what is to change is not as it was when it was looked at."""
    seen = news.seen
    if seen is None:
        return
    moved = (seen.days, seen.car_id) != (booking.days, booking.car_id)
    named = news.details.named - {"extras"}
    if "extras" in news.details.named and news.had is not None and news.had != {x.pk: n for x, n in had}:
        raise ChangedMeanwhile
    if news.adjustment and Adjustment.on(seen.as_quoted) != Adjustment.on(booking.as_quoted):
        raise ChangedMeanwhile
    if (news.moves and moved) or any(getattr(seen, name) != getattr(booking, name) for name in named):
        raise ChangedMeanwhile


def rules_passed(booking: Booking, news: ChangeRequest) -> set[Rule]:
    """Rules that the booking has behind it: those about an end, a length or a car that stays as it is, or comes nearer to
    what the rules want. So what staff changed since it was booked stands in the way of nothing else."""
    was, days, details = booking.days, news.days or booking.days, news.details
    passed: set[Rule] = set()
    if days.start == was.start:
        passed.update(rules.CLOCK_RULES)
        if news.car is None or booking.status == Booking.Status.ACTIVE:
            passed.add(rules.wrong_pickup_weekday)
        if not details.pick_up and (len(days) > 1 or (days == was and not details.drop_off)):
            passed.add(rules.closed_at_pick_up)
    if days.end <= was.end:
        passed.add(rules.beyond_horizon)
    if days.end == was.end and not details.drop_off:
        passed.add(rules.closed_at_drop_off)
    return passed | _passed_by_the_car(was, days) if news.car is None else passed


def _passed_by_the_car(was: Days, days: Days) -> set[Rule]:
    passed: set[Rule] = set()
    if days.end == was.end:
        passed.add(rules.wrong_dropoff_weekday)
    if len(days) >= len(was):
        passed.add(rules.too_short)
    if len(days) <= len(was):
        passed.add(rules.too_long)
    if was.start <= days.start and days.end <= was.end:
        passed.add(rules.not_offered)
    return passed


def _check_status(booking: Booking, details: Details) -> None:
    pick_up = details.named & {"pickup_time", "pick_up", "delivery", "delivery_address"}
    if booking.status not in (BEFORE_PICK_UP if pick_up else BEFORE_RETURN):
        raise Invalid(_("This can no longer be changed."))


def _move(booking: Booking, kind: str, place: Location | None) -> None:
    # Not update_or_create: it also writes the timestamps, which the public role may not.
    if place and not booking.places.filter(kind=kind).update(location=place):
        booking.places.create(kind=kind, location=place)


def _check_times(booking: Booking, news: ChangeRequest, at: datetime) -> None:
    # Another day may have other opening hours.
    details, days = news.details, news.days or booking.days
    pick_up = Handover("pickupTime", booking.pick_up, days.start, booking.pickup_time)
    back = Handover("returnTime", booking.drop_off, days.end, booking.return_time)
    wanted = []
    if details.named & {"pickup_time", "pick_up"} or days.start != booking.start_date:
        wanted.append(pick_up)
    if details.named & {"return_time", "drop_off"} or days.end != booking.end_date:
        wanted.append(back)
    refuse_impossible(*wanted, at=None if news.override else at)
    if details.named - CONTACT or days != booking.days:
        refuse_return_before_pick_up(*(one.place.instant(one.day, one.clock) for one in (pick_up, back)))


def in_short(booking: Booking, extras: Extras) -> dict[str, Any]:
    """What a change may touch, without anything personal."""
    details = {name: _plain(getattr(booking, name)) for name in DETAILS - CONTACT - {"extras"}}
    return (
        details
        | _of_its_ride(booking)
        | {
            "days": booking.days.isoformat,
            "car": booking.car_id,
            "extras": {str(extra.pk): n for extra, n in extras},
            "total": str(booking.total),
            "adjustment": str(Adjustment.on(booking.as_quoted).amount.amount),
        }
    )


def _of_its_ride(booking: Booking) -> dict[str, Any]:
    if not booking.is_ride:
        return {}
    ride = ride_of(booking)
    hours = "/".join(at.astimezone(UTC).isoformat() for at in (ride.starts_at, ride.ends_at))
    return {"hours": hours, "passengers": ride.passengers, "bags": ride.bags}


def _plain(value: Any) -> Any:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value.pk if isinstance(value, Location) else value
