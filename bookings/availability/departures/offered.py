"""The next departures of a tour, with the seats that are left, as whoever may want one asks for them."""

from dataclasses import dataclass
from datetime import datetime

from bookings.availability.departures.seats import free_seats
from bookings.availability.rides.wish import Wish
from bookings.models import Hold, TourDeparture
from cars.models import Service

MOST = 30  # on one page


@dataclass(frozen=True, slots=True)
class Going:
    """A departure and how many seats are left on it."""

    departure: TourDeparture
    left: int
    service: Service

    @property
    def begins(self) -> datetime:
        """By the clock of the service's place."""
        return self.departure.starts_at.astimezone(self.service.location.zone)

    @property
    def ends(self) -> datetime:
        """Likewise."""
        return self.departure.ends_at.astimezone(self.service.location.zone)

    def seats(self, people: int) -> Wish | None:
        """The wish for so many seats; None where its car has no class any more."""
        hours, car_class = self.departure.hours, self.departure.car.car_class
        if hours is None or car_class is None:
            return None
        return Wish(self.service, car_class, hours, people, departure=self.departure)


def coming(service: Service, at: datetime, ignoring: Hold | None = None) -> list[Going]:
    """Those on sale at the instant `at`, sold out ones too, in their order. Two queries.

    Seats of the hold `ignoring`, the asker's own, are left to them.
    """
    found = TourDeparture.objects.filter(
        tour__service=service, status=TourDeparture.Status.OPEN, starts_at__gt=at
    ).select_related("tour", "car__car_class", "car__location")
    departures = [one for one in found.order_by("starts_at", "pk")[:MOST] if at < one.sold_until]
    left = free_seats(departures) if departures else {}
    if ignoring and ignoring.departure_id in left:
        left[ignoring.departure_id] += ignoring.seats
    return [Going(one, left[one.pk], service) for one in departures]
