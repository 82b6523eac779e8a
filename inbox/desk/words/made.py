"""What is said of a booking that staff have just made."""

from django.utils.translation import gettext as _

from bookings.models import Booking


def said_of(booking: Booking) -> str:
    """How it stands, and whether its customer hears of it by mail."""
    words = {"reference": booking.reference, "name": booking.full_name}
    if booking.status == Booking.Status.PENDING:
        made = _("%(reference)s is booked and pending.") % words
    else:
        made = _("%(reference)s is booked and confirmed.") % words
    mailed = booking.mailbox and not booking.silent
    told = _("%(name)s gets an email.") if mailed else _("%(name)s gets no email: say it by phone.")
    return f"{made} {told % words}"
