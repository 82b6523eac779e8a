"""Where a car can change hands, whether anybody is there, and who may drive: what a rental needs beside free days."""

from datetime import datetime

from django.utils.translation import gettext as _

from bookings.availability import rules
from bookings.availability.rules import Now
from bookings.days import Days
from bookings.errors import Invalid, RulesRefused
from cars.catalogue import catalogue
from cars.models import Car, Location


def locations_for(car: Car) -> list[Location]:
    """Where the car can change hands: its own location first, then those of its agency where the day is the same day."""
    home = car.location
    near = [
        place
        for place in catalogue().locations
        if (place.agency_id, place.time_zone) == (home.agency_id, home.time_zone) and place.pk != home.pk
    ]
    return [home, *near]


def refuse_elsewhere(car: Car, *, pick_up: Location | None, drop_off: Location | None) -> None:
    """Raise Invalid for a place of another agency, and for a pick-up where the car's days are not the days.

    None is a place that stays as it was booked, wherever the car has its home now. Pages offer `locations_for`; the API
    may also return a car in another time zone. No query when all is well.
    """
    home = car.location
    wrong = ""
    if pick_up and (pick_up.agency_id, pick_up.time_zone) != (home.agency_id, home.time_zone):
        wrong = "pickUpLocationId"
    elif drop_off and drop_off.agency_id != home.agency_id:
        wrong = "dropOffLocationId"
    if wrong:
        names = ", ".join(place.name for place in locations_for(car))
        raise Invalid.field(wrong, _("This car changes hands at: %(places)s") % {"places": names})


def refuse_closed(
    car: Car, days: Days, *, at: datetime, pick_up: Location | None, drop_off: Location | None
) -> None:
    """Raise RulesRefused when nobody is at a place that is new to the rental; None is a place that stays."""
    start, end = Days(days.start, days.start), Days(days.end, days.end)
    closed = [
        rules.closed_at_pick_up(car, start, Now.of(pick_up, at)) if pick_up else None,
        rules.closed_at_pick_up(car, end, Now.of(drop_off, at)) if drop_off else None,
    ]
    if reasons := [reason for reason in closed if reason]:
        raise RulesRefused(reasons=reasons).about(car, days)


def refuse_too_young(car: Car, driver_age: int | None) -> None:
    """Raise Invalid for a driver below the car's minimum age, in years; an unknown age is asked for at pick-up."""
    if driver_age is not None and driver_age < car.minimum_age:
        words = _("Drivers of this car must be %(age)d or over") % {"age": car.minimum_age}
        raise Invalid.field("driverAge", words)


def refuse_return_before_pick_up(pickup_at: datetime, return_at: datetime) -> None:
    """Raise Invalid unless the car comes back after it went: on one day the times decide."""
    if return_at <= pickup_at:
        raise Invalid.field("returnTime", _("The return must be after the pick-up."))
