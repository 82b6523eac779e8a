"""What can be changed on a booking without touching its days: contact, requests, places and times."""

from dataclasses import dataclass
from datetime import date, time

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from bookings.errors import Invalid, NotFound
from bookings.models import Booking, BookingLocation
from cars.models import Location
from exodrive.transactions import try_again

BEFORE_PICK_UP = {Booking.Status.PENDING, Booking.Status.UPCOMING}
BEFORE_RETURN = BEFORE_PICK_UP | {Booking.Status.ACTIVE}
COLUMNS = ("phone", "special_requests", "pickup_time", "return_time")


@dataclass(frozen=True, slots=True)
class Details:
    """New values; what is None stays. Times are local to the place of pick-up or return."""

    phone: str | None = None
    special_requests: str | None = None
    pickup_time: time | None = None
    return_time: time | None = None
    pick_up: Location | None = None
    drop_off: Location | None = None

    @property
    def named(self) -> set[str]:
        """Which of them are new."""
        return {name for name in self.__slots__ if getattr(self, name) is not None}


@try_again()
def change_details(*, booking: Booking, details: Details) -> Booking:
    """Write the new values; days, price and status stay. Customers and staff alike.

    Pick-up can be changed until it happened, everything else until the car is back. Raises Invalid for what is too
    late, for a time outside the opening hours, and for a return before the pick-up. Locks: booking.
    """
    with transaction.atomic(durable=True):
        booking = _locked(booking)
        _check_status(booking, details)
        _move(booking, BookingLocation.Kind.PICK_UP, details.pick_up)
        _move(booking, BookingLocation.Kind.DROP_OFF, details.drop_off)
        prefetch_related_objects([booking], "places__location__opening_hours")
        changed = [name for name in COLUMNS if name in details.named]
        for name in changed:
            setattr(booking, name, getattr(details, name))
        _check_times(booking, details)
        if changed:
            booking.save(update_fields=changed)
    return booking


def _locked(booking: Booking) -> Booking:
    rows = Booking.objects.select_for_update(of=("self",)).select_related("car__location", "customer")
    locked = rows.filter(pk=booking.pk).first()
    if locked is None:
        raise NotFound
    locked.secret = booking.secret
    return locked


def _check_status(booking: Booking, details: Details) -> None:
    pick_up = details.named & {"pickup_time", "pick_up"}
    if booking.status not in (BEFORE_PICK_UP if pick_up else BEFORE_RETURN):
        raise Invalid(_("This can no longer be changed."))


def _move(booking: Booking, kind: str, place: Location | None) -> None:
    # Not update_or_create: it also writes the timestamps, which the public role may not.
    if place and not booking.places.filter(kind=kind).update(location=place):
        booking.places.create(kind=kind, location=place)


def _check_times(booking: Booking, details: Details) -> None:
    if details.named & {"pickup_time", "pick_up"}:
        _check_open("pickupTime", booking.pick_up, booking.start_date, booking.pickup_time)
    if details.named & {"return_time", "drop_off"}:
        _check_open("returnTime", booking.drop_off, booking.end_date, booking.return_time)
    if details.named - {"phone", "special_requests"} and booking.return_at <= booking.pickup_at:
        raise Invalid.field("returnTime", _("The return must be after the pick-up."))


def _check_open(field: str, place: Location, day: date, clock: time) -> None:
    hours = place.hours_on(day)
    if hours and not hours[0] <= clock <= hours[1]:
        opening = {"place": place.name, "opens": f"{hours[0]:%H:%M}", "closes": f"{hours[1]:%H:%M}"}
        raise Invalid.field(field, _("%(place)s is open from %(opens)s to %(closes)s that day.") % opening)
