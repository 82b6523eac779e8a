"""A booked ride in words, for pages, mails and calendar files alike."""

from datetime import datetime

from babel import Locale
from django.utils.translation import gettext as _

from bookings.models import Booking, Ride, TourDeparture
from cars.models import Place, Service
from exodrive.i18n import formats

OF_A_RIDE = (
    "service__location",
    "service__tour__meeting_place",
    "car_class",
    "from_place",
    "to_place",
    "departure",
)

RIDES = tuple(f"ride__{path}" for path in OF_A_RIDE)  # for `select_related` of lists of bookings


def ride_of(booking: Booking) -> Ride:
    """The ride of a booking, with all that is said of it. One query where it was not selected with `RIDES`."""
    known: Ride | None = booking._state.fields_cache.get("ride")
    if known is None or "service" not in known._state.fields_cache:
        booking.ride = known = Ride.objects.select_related(*OF_A_RIDE).get(booking=booking)
    return known


def what_of(booking: Booking) -> str:
    """What is booked: the car of a rental, the service of a ride."""
    return ride_of(booking).service.text if booking.is_ride else booking.car.name


def when_of(booking: Booking) -> str:
    """The days of a rental, the day and the hours of a ride."""
    if not booking.is_ride:
        return formats.span(booking.start_date, booking.end_date)
    begins, ends = local(ride_of(booking))
    return f"{formats.day_long(begins.date())}, {formats.clock(begins)} – {formats.clock(ends)}"


def local(ride: Ride) -> tuple[datetime, datetime]:
    """When it begins and ends, by the clock of the service's place."""
    zone = ride.service.location.zone
    return ride.starts_at.astimezone(zone), ride.ends_at.astimezone(zone)


def stops(
    service: Service,
    ends: tuple[Place | None, Place | None],
    ride: Ride | None = None,
    departure: TourDeparture | None = None,
) -> list[tuple[str, str]]:
    """Labelled lines: from where to where, and how passengers and driver find each other, as far as it is known."""
    typed = ride or Ride()
    meeting = service.tour.meeting_place if service.kind == Service.Kind.TOUR else None
    lines = [
        (_("Meeting place"), meeting.text if meeting else ""),
        (_("Language"), told_in(departure) if departure else ""),
        (_("From"), _door(ends[0], typed.from_text)),
        (_("To"), _door(ends[1], typed.to_text)),
        (_("Flight number"), typed.flight_number),
        (_("Name on the sign"), typed.sign_name),
    ]
    return [(label, text) for label, text in lines if text]


def told_in(departure: TourDeparture) -> str:
    """The language of a departure, in the reader's."""
    said = Locale.parse(departure.language).get_language_name(formats.locale())
    return str(said or departure.language)


def where_of(ride: Ride) -> str:
    """Where it begins, on one line."""
    if ride.service.kind == Service.Kind.TOUR:
        return ride.service.tour.meeting_place.text
    return _door(ride.from_place, ride.from_text) or ride.service.location.line


def _door(place: Place | None, text: str) -> str:
    return ": ".join(filter(None, [place.text if place else "", text]))
