"""What can be changed on a booking without touching its days: contact, requests, places, times and wishes."""

from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from bookings.availability import rules
from bookings.availability.locations import refuse_return_before_pick_up
from bookings.availability.rules import Rule
from bookings.days import Days
from bookings.errors import Invalid
from bookings.models import Booking, BookingLocation
from cars.models import Car, Location

BEFORE_PICK_UP = {Booking.Status.PENDING, Booking.Status.UPCOMING}
BEFORE_RETURN = BEFORE_PICK_UP | {Booking.Status.ACTIVE}
COLUMNS = ("phone", "special_requests", "pickup_time", "return_time", "delivery", "driver_age")
# What is personal: a history names it, without its value.
CONTACT = frozenset({"phone", "special_requests", "driver_age"})


@dataclass(frozen=True, slots=True)
class Details:
    """New values; what is None stays. Times are local to the place of pick-up or return, the age is in years."""

    phone: str | None = None
    special_requests: str | None = None
    pickup_time: time | None = None
    return_time: time | None = None
    pick_up: Location | None = None
    drop_off: Location | None = None
    delivery: bool | None = None
    driver_age: int | None = None

    @property
    def named(self) -> set[str]:
        """Which of them are new."""
        return {name for name in self.__slots__ if getattr(self, name) is not None}

    def news_for(self, booking: Booking, days: Days) -> "Details":
        """Without what the booking has already: naming it again changes, and prices, nothing.

        A time named for other days or places stays named: it is wanted, and does not follow the opening hours.
        """
        same = {name for name in self.named if _plain(getattr(booking, name)) == _plain(getattr(self, name))}
        if days != booking.days or (self.named - same) & {"pick_up", "drop_off"}:
            same -= {"pickup_time", "return_time"}
        return replace(self, **dict.fromkeys(same))

    @property
    def prices(self) -> bool:
        """Whether something is new that a price depends on."""
        return bool(self.named & {"pick_up", "drop_off", "delivery", "driver_age"})

    @property
    def moves(self) -> bool:
        """Whether more than contact and requests change."""
        return bool(self.named - CONTACT)


def _plain(value: Any) -> Any:
    """A text with plain line ends: browsers send others, and they are no change."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def apply_details(booking: Booking, details: Details, *, day: Days) -> None:
    """Set the new values on a locked booking whose days are (or become) `day`; places are written at once.

    Pick-up can be changed until it happened, everything else until the car is back. A time that was the usual one of
    its day and place, and is not new itself, follows to another day or place. Raises Invalid for what is too late, for
    a time outside the opening hours, and for a return before the pick-up.
    """
    _check_status(booking, details)
    usual = {name for name, at in _usual_times(booking, booking.days).items() if at == getattr(booking, name)}
    _move(booking, BookingLocation.Kind.PICK_UP, details.pick_up)
    _move(booking, BookingLocation.Kind.DROP_OFF, details.drop_off)
    booking.__dict__.pop("_places", None)
    booking.__dict__.get("_prefetched_objects_cache", {}).pop("places", None)
    prefetch_related_objects([booking], "places__location__opening_hours")
    for name in COLUMNS:
        if name in details.named:
            setattr(booking, name, getattr(details, name))
    for name, at in _usual_times(booking, day).items():
        if name in usual - details.named:
            setattr(booking, name, at)
    _check_times(booking, details, day)


def _usual_times(booking: Booking, days: Days) -> dict[str, time]:
    return {
        "pickup_time": booking.pick_up.opens_on(days.start),
        "return_time": booking.drop_off.closes_on(days.end),
    }


def rules_passed(booking: Booking, car: Car, days: Days, details: Details) -> set[Rule]:
    """Rules that the booking has behind it: those about a pick-up that stays as it is."""
    if days.start != booking.start_date:
        return set()
    passed = set(rules.CLOCK_RULES)
    if car.pk == booking.car_id or booking.status == Booking.Status.ACTIVE:
        passed.add(rules.wrong_pickup_weekday)
    if not details.pick_up and len(days) > 1:
        passed.add(rules.closed_at_pick_up)
    return passed


def _check_status(booking: Booking, details: Details) -> None:
    pick_up = details.named & {"pickup_time", "pick_up", "delivery"}
    if booking.status not in (BEFORE_PICK_UP if pick_up else BEFORE_RETURN):
        raise Invalid(_("This can no longer be changed."))


def _move(booking: Booking, kind: str, place: Location | None) -> None:
    # Not update_or_create: it also writes the timestamps, which the public role may not.
    if place and not booking.places.filter(kind=kind).update(location=place):
        booking.places.create(kind=kind, location=place)


def _check_times(booking: Booking, details: Details, days: Days) -> None:
    # Another day may have other opening hours.
    if details.named & {"pickup_time", "pick_up"} or days.start != booking.start_date:
        _check_open("pickupTime", booking.pick_up, days.start, booking.pickup_time)
    if details.named & {"return_time", "drop_off"} or days.end != booking.end_date:
        _check_open("returnTime", booking.drop_off, days.end, booking.return_time)
    pickup_at = booking.pick_up.instant(days.start, booking.pickup_time)
    if details.moves or days != booking.days:
        return_at = booking.drop_off.instant(days.end, booking.return_time)
        refuse_return_before_pick_up(pickup_at, return_at)


def _check_open(field: str, place: Location, day: date, clock: time) -> None:
    hours = place.hours_on(day)
    if hours and not hours[0] <= clock <= hours[1]:
        opening = {"place": place.name, "opens": f"{hours[0]:%H:%M}", "closes": f"{hours[1]:%H:%M}"}
        raise Invalid.field(field, _("%(place)s is open from %(opens)s to %(closes)s that day.") % opening)
