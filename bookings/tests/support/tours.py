"""A tour with a departure, and people who want seats on it, through the verbs."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from bookings.availability.rides.holds import hold_ride
from bookings.availability.rides.wish import Wish
from bookings.lifecycle.departures.create import Plan, create_departure
from bookings.lifecycle.rides.create import book_ride
from bookings.lifecycle.rides.request import RideDetails, RideRequest
from bookings.models import Booking, DepartureSeat, Hold, TourDeparture
from bookings.tests.support.factories import MARTA, CarFactory, LocationFactory, in_days
from bookings.tests.support.rides import hours_on
from cars.models import Car, RideRate, Service
from cars.pricing.rides.inputs import RideOptions
from cars.tests.support.rides import make_class, make_service
from exodrive.rls import PUBLIC, STAFF, acting_as, as_owner

DAY = 10  # days from now


class Tours:
    """A tour of three hours at 90 a seat (child: 40), told in two languages, in a car for so many."""

    def __init__(self, seats: int = 8, **facts: Any) -> None:
        self.place = facts.pop("location", None) or LocationFactory()
        usual = {"before_minutes": 15, "after_minutes": 15, "deposit": 0}
        self.service = make_service(**{"kind": "tour", "location": self.place} | usual | facts)
        self.car = self.another_car(seats)
        with as_owner():
            self.service = Service.objects.select_related("location", "tour").get(pk=self.service.pk)
            self.tour = self.service.tour
            self.tour.languages, self.tour.default_capacity = ["en", "fr"], seats
            self.tour.save()
            RideRate.objects.filter(service=self.service).update(child_amount=40)

    def another_car(self, seats: int = 8) -> Car:
        """One of a class of its own."""
        car, car_class = CarFactory(location=self.place), make_class(passengers=seats, bags=2)
        with as_owner():
            Car.objects.filter(pk=car.pk).update(car_class=car_class)
            return Car.objects.select_related("location", "car_class").get(pk=car.pk)

    def plan(self, clock: str = "10:00", *, day: int = DAY, **facts: Any) -> Plan:
        """As staff would say it."""
        starts_at = hours_on(in_days(day), clock).starts_at
        return Plan(**{"tour": self.tour, "car": self.car, "starts_at": starts_at, "language": "en"} | facts)

    def depart(self, *asked: Any, **facts: Any) -> TourDeparture:
        """Made by staff."""
        with acting_as(STAFF):
            return create_departure(self.plan(*asked, **facts), at=timezone.now())


def seats_on(departure: TourDeparture, people: int = 1) -> Wish:
    """What somebody wants who wants seats for so many."""
    with as_owner():
        service = Service.objects.select_related("location", "tour").get(pk=departure.tour.service_id)
        car_class = departure.car.car_class
    return Wish(service, car_class, departure.hours, people, departure=departure)


def hold_seats(
    departure: TourDeparture, people: int = 1, *, children: int = 0, token: str = "", **more: Any
) -> Hold:
    """What a visitor gets. Raises DatesTaken, RulesRefused."""
    options = RideOptions(passengers=people - children, children=children)
    with acting_as(PUBLIC, token=token or None):
        return hold_ride(wish=seats_on(departure, people), options=options, at=timezone.now(), **more)


def book_seats(
    departure: TourDeparture, people: int = 1, *, children: int = 0, who: Any = MARTA, **more: Any
) -> Booking:
    """As the public, without a hold."""
    options = RideOptions(passengers=people - children, children=children)
    request = RideRequest(seats_on(departure, people), options, who, RideDetails(), language="en", **more)
    with acting_as(PUBLIC):
        return book_ride(request, at=timezone.now())


def seats_lapse(hold: Hold) -> None:
    """As if its time had run out a second ago."""
    past = timezone.now() - timedelta(seconds=1)
    with as_owner():
        Hold.objects.filter(pk=hold.pk).update(expires_at=past)
        DepartureSeat.objects.filter(hold=hold).update(expires_at=past)


def sold(departure: TourDeparture) -> int:
    """How many seats bookings have."""
    with as_owner():
        return DepartureSeat.objects.filter(departure=departure, booking__isnull=False).count()
