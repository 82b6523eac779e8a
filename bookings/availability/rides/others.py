"""Which other cars a booked ride could have: those free at its time, and those that another ride gives away."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Now

from bookings.availability.hours.spans import spans_on
from bookings.days import ONE_DAY, Days
from bookings.hours import Hours
from bookings.models import Booking, CarAvailability, Ride, VehicleAssignment
from bookings.ridden import RIDES, ride_of
from cars.models import Car


@dataclass(frozen=True, slots=True)
class OtherCar:
    """A car, and the one ride that has it at that time and would get the asker's; None where it is free."""

    car: Car
    exchange: Booking | None = None


def other_cars(booking: Booking, cars: Iterable[Car]) -> list[OtherCar]:
    """Those of the cars that the ride could have, in their order: its own hours with their gaps count, not its own spans.

    As of now; the verb decides. Three statements, however many cars.
    """
    offered = [car for car in cars if car.pk != booking.car_id]
    ride = ride_of(booking)
    hours = Hours(ride.starts_at, ride.ends_at, ride.before_minutes, ride.after_minutes)
    days, ids = hours.days(booking.car.location.zone), [car.pk for car in offered]
    rented = _rented(ids, days)
    there = _there(ids, days, hours)
    rides = _that_give_away(there)
    found = []
    for car in offered:
        if car.pk in rented:
            continue
        whose = {span.booking_id for span in there[car.pk]}
        if not whose:
            found.append(OtherCar(car))
        elif len(whose) == 1 and (other := rides.get(whose.pop())) and fits(other, booking.car):
            found.append(OtherCar(car, other.booking))
    return found


def fits(ride: Ride, car: Car) -> bool:
    """Whether the car seats those who come and their bags."""
    size = car.car_class
    return size is not None and size.passengers >= ride.passengers and size.bags >= ride.bags


def _rented(ids: list[int], days: Days) -> set[int]:
    live = Q(expires_at=None) | Q(expires_at__gt=Now())
    whole = CarAvailability.objects.filter(live, car__in=ids, date__range=(days.start, days.end))
    return set(whole.exclude(status=CarAvailability.Status.SERVICE).values_list("car_id", flat=True))


def _there(ids: list[int], days: Days, hours: Hours) -> dict[int, list[VehicleAssignment]]:
    """What stands in the way on each car: hours that touch the ride's, gaps of both included."""
    found: dict[int, list[VehicleAssignment]] = defaultdict(list)
    since, until = hours.kept
    around = Days(days.start - ONE_DAY, days.end + ONE_DAY)
    for span in spans_on(ids, around):
        begins, ends = Hours(span.starts_at, span.ends_at, span.before_minutes, span.after_minutes).kept
        if begins < until and ends > since:
            found[span.car_id].append(span)
    return found


def _that_give_away(there: dict[int, list[VehicleAssignment]]) -> dict[object, Ride]:
    """The rides among them whose car is not their customer's choice, and which have not begun."""
    ids = {span.booking_id for spans in there.values() for span in spans if span.booking_id}
    movable = (Booking.Status.PENDING, Booking.Status.UPCOMING)
    bookings = Booking.objects.filter(pk__in=ids, status__in=movable, ride__given_car=False)
    return {one.pk: ride_of(one) for one in bookings.select_related(*RIDES, "car__location")}
