"""Rides as customers and staff book them, through the verbs."""

from datetime import date, time
from typing import Any

from django.db import connection
from django.utils import timezone

from bookings.availability.rides.chosen import of_hold
from bookings.availability.rides.holds import hold_ride
from bookings.availability.rides.wish import Wish, hours_from
from bookings.lifecycle.rides.create import book_ride
from bookings.lifecycle.rides.request import RideDetails, RideRequest
from bookings.links.lookup import hold_for
from bookings.models import Booking, Hold
from bookings.tests.support.factories import MARTA, CarFactory, LocationFactory, in_days
from cars.models import Car
from cars.pricing.rides.inputs import RideOptions
from cars.pricing.rides.ride import PLAIN
from cars.tests.support.rides import make_class, make_service
from exodrive.rls import PUBLIC, acting_as, as_owner

DAY = 10  # days from now
NOTHING = RideDetails()


class Chauffeurs:
    """A service by the hour (90 an hour, 8 to 20 o'clock, at least an hour), its class, and so many cars of it."""

    def __init__(self, cars: int = 1, **facts: Any) -> None:
        self.place = facts.pop("location", None) or LocationFactory()
        usual = {"before_minutes": 15, "after_minutes": 15, "deposit": 0}
        self.service = make_service(**{"kind": "hourly", "location": self.place} | usual | facts)
        self.car_class = make_class(passengers=3, bags=2)
        self.cars = [CarFactory(location=self.place) for _ in range(cars)]
        with as_owner():
            Car.objects.filter(pk__in=[car.pk for car in self.cars]).update(car_class=self.car_class)

    def wish(self, clock: str = "10:00", minutes: int = 120, *, day: date | None = None, **who: Any) -> Wish:
        """So long from what a clock at the place shows."""
        hours = hours_from(self.service, day or in_days(DAY), time.fromisoformat(clock), minutes)
        return Wish(self.service, self.car_class, hours, **who)

    def hold(self, *asked: Any, options: RideOptions = PLAIN, by: Any = None, **more: Any) -> Hold:
        """What a visitor gets for it. Raises DatesTaken, RulesRefused."""
        with acting_as(PUBLIC):
            return hold_ride(
                wish=self.wish(*asked, **more),
                options=options,
                at=timezone.now(),
                **({"by": by} if by else {}),
            )

    def book(
        self, *asked: Any, details: RideDetails = NOTHING, options: RideOptions = PLAIN, **more: Any
    ) -> Booking:
        """As the public, without a hold."""
        facts = {name: more.pop(name) for name in ("agreed", "car", "who") if name in more}
        request = RideRequest(
            self.wish(*asked, **more), options, facts.pop("who", MARTA), details, language="en", **facts
        )
        with acting_as(PUBLIC):
            return book_ride(request, at=timezone.now())


def booked_from(hold: Hold, details: RideDetails = NOTHING, **more: Any) -> Booking:
    """What the hold becomes, as whoever has its link."""
    with acting_as(PUBLIC, token=hold.token):
        wish, options = of_hold(hold_for(hold.token))
        request = RideRequest(wish, options, MARTA, details, language="en", hold=hold_for(hold.token), **more)
        return book_ride(request, at=timezone.now())


def settle() -> None:
    """What is looked at when a transaction commits, looked at now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
