"""What is asked for: a service, from when until when, for whom."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from bookings.errors import NoSuchTime
from bookings.hours import Hours
from cars.models import CarClass, Service
from exodrive.i18n import formats


@dataclass(frozen=True, slots=True)
class Wish:
    """A ride that somebody wants. The hours have the gaps of the service; passengers are counted beside a driver."""

    service: Service
    car_class: CarClass
    hours: Hours
    passengers: int = 1
    bags: int = 0

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return int(self.hours.length.total_seconds()) // 60

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
