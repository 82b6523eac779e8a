"""What a booked ride tells its customer, where a rental says something else: headline, the state, what happens next."""

from django.utils.translation import gettext as _

from bookings.models import Booking
from bookings.ridden import local, ride_of, where_of
from exodrive.i18n.formats import clock, day

Status = Booking.Status


def headline(booking: Booking) -> str:
    """While it is under way; "" where rides and rentals are greeted alike."""
    return (
        _("Have a good ride, %(name)s") % {"name": booking.first_name}
        if booking.status == Status.ACTIVE
        else ""
    )


def facts(booking: Booking) -> tuple[str, str] | None:
    """The fact and the rest of the notice; None where it is the same as for a rental."""
    begins, ends = local(ride_of(booking))
    when = {"day": day(begins.date()), "time": clock(begins), "until": clock(ends)}
    return {
        Status.UPCOMING: (_("Confirmed."), _("See you %(day)s at %(time)s.") % when),
        Status.ACTIVE: (_("Under way until %(until)s.") % when, _("Call us if anything happens on the way.")),
        Status.COMPLETED: (_("The ride is over."), _("Thank you for riding with us.")),
        Status.CANCELLED: (
            _("The time is free again."),
            "" if booking.paid or booking.refunded else _("Nothing was charged."),
        ),
    }.get(Status(booking.status))


def next_steps(booking: Booking) -> list[str]:
    """What happens from here to the end of the ride."""
    ride = ride_of(booking)
    waits = {"place": where_of(ride), "time": clock(local(ride)[0])}
    if ride.driver_name:
        there = _("%(driver)s waits for you at %(time)s: %(place)s.") % {**waits, "driver": ride.driver_name}
    else:
        there = _("Your driver waits for you at %(time)s: %(place)s.") % waits
    confirmed = (
        _("You pay, and we confirm by email at once.")
        if booking.pay_until
        else _("We confirm your booking by email.")
    )
    return {Status.PENDING: [confirmed, there], Status.UPCOMING: [there]}.get(Status(booking.status), [])
