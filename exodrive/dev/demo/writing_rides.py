"""Writing what the demo offers as rides: classes of its cars, places, services with hours, prices and surcharges."""

from datetime import datetime, timedelta
from typing import Any

from bookings.lifecycle.departures.create import Plan, create_departure
from cars.models import Car, CarClass, Location, Place, RideRate, Service, ServiceHours, Surcharge, Tour, Zone
from exodrive.dev.demo import rides
from exodrive.dev.demo.rides import DemoService

WEEK = range(7)


def write_rides(locations: dict[str, Location]) -> None:
    """Everything; the cars are there already."""
    classes = {}
    for position, (key, of) in enumerate(rides.CLASSES.items()):
        row = CarClass.objects.create(
            position=position, passengers=of.passengers, bags=of.bags, **of.name.fields("name")
        )
        Car.objects.filter(slug__in=of.cars).update(car_class=row)
        classes[key] = row
    places = _write_places()
    for demo in rides.SERVICES:
        _write_service(demo, locations[demo.location.slug], {**classes, **places})


def write_departures(at: datetime) -> None:
    """Tours on a date with free seats, through the verb; the bookings are there already."""
    for plan in rides.DEPARTURES:
        tour = Tour.objects.select_related("service__location").get(service__slug=plan.tour)
        car = Car.objects.select_related("location", "car_class").get(slug=plan.car)
        day = car.location.today(at) + timedelta(days=plan.day)
        create_departure(Plan(tour, car, car.location.instant(day, plan.clock), plan.language), at=at)


def _write_places() -> dict[str, Any]:
    """Zones and places by their keys."""
    found: dict[str, Any] = {
        key: Zone.objects.create(**name.fields("name")) for key, name in rides.ZONES.items()
    }
    for slug, place in rides.PLACES.items():
        found[slug] = Place.objects.create(
            slug=slug,
            zone=found[place.zone],
            kind=place.kind,
            latitude=place.where[0],
            longitude=place.where[1],
            **place.name.fields("name"),
        )
    return found


def _write_service(demo: DemoService, location: Location, known: dict[str, Any]) -> None:
    service = Service.objects.create(
        slug=demo.slug,
        kind=demo.kind,
        location=location,
        is_offered=True,
        **demo.name.fields("name"),
        **demo.about.fields("description"),
        **demo.facts,
    )
    opens, closes = demo.hours
    ServiceHours.objects.bulk_create(
        ServiceHours(service=service, weekday=day, opens=opens, closes=closes) for day in WEEK
    )
    for rate in demo.rates:
        RideRate.objects.create(service=service, **_found(rate, known))
    for name, facts in demo.surcharges:
        Surcharge.objects.create(service=service, **name.fields("name"), **_found(facts, known))
    if demo.tour:
        Tour.objects.create(service=service, **_found(demo.tour, known))


def _found(facts: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """With rows in place of their keys."""
    rows = ("car_class", "from_place", "to_place", "from_zone", "to_zone", "place", "meeting_place")
    return {name: known[value] if name in rows else value for name, value in facts.items()}
