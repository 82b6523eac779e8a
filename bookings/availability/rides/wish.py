"""What is asked for: a service, from when until when, for whom."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from bookings.errors import NoSuchTime
from bookings.hours import Hours
from bookings.models import TourDeparture
from cars.models import CarClass, Service
from exodrive.i18n import formats


@dataclass(frozen=True, slots=True)
class Wish:
    """A ride that somebody wants. The hours have the gaps of the service; passengers are counted beside a driver.

    On a `departure` everybody has a seat; without one, a tour has a car to itself.
    """

    service: Service
    car_class: CarClass
    hours: Hours
    passengers: int = 1
    bags: int = 0
    departure: TourDeparture | None = None

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return int(self.hours.length.total_seconds()) // 60

    @property
    def seats(self) -> int:
        """How many seats of a departure it takes."""
        return self.passengers if self.departure else 0

    @property
    def private(self) -> bool:
        """Whether it is a tour that has the car to itself."""
        return self.service.kind == Service.Kind.TOUR and self.departure is None

    @property
    def begins(self) -> datetime:
        """When it begins, by the clock of the service's place."""
        return self.hours.starts_at.astimezone(self.service.location.zone)


def hours_from(service: Service, day: date, clock: time, minutes: int) -> Hours:
    """So many minutes from what a clock at the service's place shows, with the gaps of the service.

    A time that comes twice that night is the first of them. Raises NoSuchTime for one that is skipped.
    """
    place = service.location
    if not place.shows(day, clock):
        words = _("The clocks go forward that night: there is no %(time)s.")
        raise NoSuchTime.field("start", words % {"time": formats.clock(clock)})
    start = place.instant(day, clock)
    ends = start + timedelta(minutes=minutes)
    return Hours(start, ends, service.before_minutes, service.after_minutes)
