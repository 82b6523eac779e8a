"""Driver and car of a ride in the words of the staff."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bookings.lifecycle.rides.dispatch import Dispatched
from bookings.models import Booking
from bookings.ridden import ride_of


def done_words(done: Dispatched) -> str:
    """Who drives, in which car, and what became of the ride that gave it away."""
    booking, driver = done.booking, ride_of(done.booking).driver_name
    said = {"reference": booking.reference, "car": booking.car.name, "driver": driver}
    if driver:
        words = _("%(driver)s drives %(reference)s with the %(car)s.") % said
    else:
        words = _("%(reference)s has the %(car)s, and no driver yet.") % said
    if done.exchanged:
        other = {"reference": done.exchanged.reference, "car": done.exchanged.car.name}
        words += " " + _("%(reference)s has the %(car)s now.") % other
    return words


def told_words(booking: Booking) -> str:
    """Whether the customer hears of it, and how."""
    if not booking.mailbox:
        return _("This customer has no email address: tell them by phone.")
    if booking.status == Booking.Status.PENDING:
        return _("The customer reads driver and car in the mail of the confirmation.")
    return _("The customer is mailed the driver, the car and its plate as soon as a driver is named.")


def driver_words(dispatch: Mapping[str, Any] | None) -> list[str]:
    """That somebody was named, or nobody any more; the name itself stands with the ride."""
    if dispatch is None or not dispatch["driver"]:
        return []
    return [_("driver named") if dispatch["named"] else _("no driver any more")]
