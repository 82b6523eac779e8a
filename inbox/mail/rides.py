"""What a mail says of a ride."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from bookings.availability.extras import extras_of
from bookings.ridden import local, ride_of, stops
from exodrive.i18n import formats
from exodrive.i18n.formats import listed_extras
from inbox.mail.places import Fact, one_line
from inbox.models import InboxEmail


def facts_of_ride(email: InboxEmail) -> Iterator[Fact]:
    """The service and class, when, from where to where; the car for staff, and for the customer once it is known which one
    comes. A mailbox that nobody has proven yet is told no words that somebody typed.
    """
    booking = email.about
    ride = ride_of(booking)
    begins, ends = local(ride)
    yield _("Ride"), ride.service.text
    yield _("Car class"), ride.car_class.text
    if email.audience == InboxEmail.Audience.STAFF or ride.says_its_car:
        yield _("Car"), f"{booking.car.name}, {booking.car.plate}"
    yield _("Begins"), f"{formats.day_long(begins.date())}, {formats.clock(begins)}"
    yield _("Ends"), f"{formats.day_long(ends.date())}, {formats.clock(ends)}"
    yield _("Passengers"), str(ride.passengers)
    if ride.bags:
        yield _("Bags"), str(ride.bags)
    said = None if email.to_unproven else ride
    lines = stops(ride.service, (ride.from_place, ride.to_place), said, ride.departure)
    yield from ((label, one_line(text)) for label, text in lines)
    if ride.driver_name:
        yield _("Driver"), one_line(ride.driver_name)
    if had := extras_of(booking):
        yield _("Extras"), listed_extras((extra.text, quantity) for extra, quantity in had)
