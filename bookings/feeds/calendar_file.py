"""A booking as a calendar file (RFC 5545, sent around as RFC 5546 says), for its page and its mails.

One event with one UID for the booking's whole life. Programs keep the file with the higher SEQUENCE, of two with the same
the one with the later DTSTAMP (RFC 5546, 2.1.5), in whatever order mails arrive.
"""

from datetime import UTC, datetime

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from bookings.models import Booking
from bookings.ridden import ride_of, what_of, where_of

CANCELLED = {Booking.Status.CANCELLED, Booking.Status.REFUNDED}


def calendar_file(booking: Booking, *, url: str, at: datetime, confirmed: bool = True) -> bytes:
    """From pick-up to return, in the language that is active; instants are written in UTC.

    `url` is the booking's page, for the owner of the secret link alone; `at` is when the file is made. An
    address that a stranger typed is left out where the mailbox is not `confirmed`.
    """
    event = Event()
    event.add("uid", f"{booking.pk}@exodrive")
    event.add("sequence", _sequence(booking))
    event.add("dtstamp", at)
    event.add("last-modified", at)
    event.add("organizer", _organizer())
    event.add("summary", _summary(booking))
    event.add("dtstart", booking.pickup_at.astimezone(UTC))
    event.add("dtend", booking.return_at.astimezone(UTC))
    if location := _location(booking, confirmed=confirmed):
        event.add("location", location)
    event.add("description", "\n".join([*_description(booking), url]))
    event.add("url", url)
    event.add("status", _status(booking))
    # A rented car does not make its driver busy; a ride does its passengers.
    event.add("transp", "OPAQUE" if booking.is_ride else "TRANSPARENT")

    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.BUSINESS_NAME}//Exodrive//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method(booking))
    calendar.add_component(event)
    return calendar.to_ical()


def method(booking: Booking) -> str:
    """What the file is for. Never REQUEST: nobody is asked to answer (RFC 5546, 3.2.1 and 3.2.5)."""
    return "CANCEL" if booking.status in CANCELLED else "PUBLISH"


def media_type(booking: Booking) -> str:
    """Of the file. Its parameter is the METHOD inside, as RFC 5545, 8.1, demands."""
    return f"text/calendar; method={method(booking)}"


def _summary(booking: Booking) -> str:
    if booking.is_ride:
        return _("Ride: %(service)s") % {"service": what_of(booking)}
    return _("Car rental: %(car)s") % {"car": what_of(booking)}


def _location(booking: Booking, *, confirmed: bool) -> str:
    if booking.is_ride:
        ride = ride_of(booking)
        return where_of(ride) if confirmed or not ride.from_text else ""
    return booking.pick_up_line if confirmed or not booking.delivery_address else ""


def _sequence(booking: Booking) -> int:
    """Rises with everything that happens to the booking, and with nothing else (RFC 5545, 3.8.7.4)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT calendar_sequence(%s)", [booking.pk])
        return int((cursor.fetchone() or [0])[0] or 0)


def _organizer() -> vCalAddress:
    address = vCalAddress(f"mailto:{settings.BUSINESS_EMAIL}")
    address.params["CN"] = settings.BUSINESS_NAME
    return address


def _status(booking: Booking) -> str:
    if booking.status in CANCELLED:
        return "CANCELLED"
    return "TENTATIVE" if booking.status == Booking.Status.PENDING else "CONFIRMED"


def _description(booking: Booking) -> list[str]:
    lines = [_("Booking reference %(reference)s") % {"reference": booking.reference}]
    if booking.is_ride:
        return [*lines, _("Phone %(phone)s") % {"phone": booking.pick_up.number}]
    if booking.drop_off != booking.pick_up:
        lines.append(_("Return to %(place)s") % {"place": booking.drop_off.line})
    if not booking.delivery_address and (hours := booking.pick_up.hours_text):
        lines.append(_("Open %(hours)s") % {"hours": hours})
    lines.append(_("Phone %(phone)s") % {"phone": booking.pick_up.number})
    return lines
