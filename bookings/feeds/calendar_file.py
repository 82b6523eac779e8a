"""A booking as a calendar file (RFC 5545), for the booking page and the confirmation mail."""

from datetime import UTC, datetime

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from bookings.models import Booking


def calendar_file(booking: Booking, *, at: datetime) -> bytes:
    """From pick-up to return, in the language that is active; instants are written in UTC.

    The secret link is left out: calendars are shared with families and offices.
    """
    event = Event()
    event.add("uid", f"{booking.pk}@exodrive")
    event.add("dtstamp", at)
    event.add("last-modified", at)
    event.add("summary", _("Car rental: %(car)s") % {"car": booking.car.name})
    event.add("dtstart", booking.pickup_at.astimezone(UTC))
    event.add("dtend", booking.return_at.astimezone(UTC))
    event.add("location", booking.pick_up.line)
    event.add("description", "\n".join(_description(booking)))
    event.add("status", _STATUS.get(str(booking.status), "CONFIRMED"))
    event.add("transp", "TRANSPARENT")  # a rented car does not make its driver busy

    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.BUSINESS_NAME}//Exodrive//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return calendar.to_ical()


_STATUS: dict[str, str] = {
    Booking.Status.PENDING: "TENTATIVE",
    Booking.Status.CANCELLED: "CANCELLED",
    Booking.Status.REFUNDED: "CANCELLED",
}


def _description(booking: Booking) -> list[str]:
    lines = [_("Booking reference %(reference)s") % {"reference": booking.reference}]
    if booking.drop_off != booking.pick_up:
        lines.append(_("Return to %(place)s") % {"place": booking.drop_off.line})
    if hours := booking.pick_up.hours_text:
        lines.append(_("Open %(hours)s") % {"hours": hours})
    lines.append(_("Phone %(phone)s") % {"phone": booking.pick_up.number})
    return lines
