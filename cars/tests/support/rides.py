"""Services of rides as rows, made as the owner: whole ones, with hours, a rate, a surcharge and what a tour needs."""

import itertools
from datetime import time
from decimal import Decimal
from typing import Any

from bookings.tests.support.factories import LocationFactory
from cars.models import CarClass, Place, RideRate, Service, ServiceHours, Surcharge, Tour, Zone
from exodrive.rls import as_owner

NUMBER = itertools.count(1)


def make_place(**facts: Any) -> Place:
    """A place in a zone of its own."""
    n = next(NUMBER)
    with as_owner():
        zone = facts.pop("zone", None) or Zone.objects.create(name=f"Zone {n}")
        usual = {"name": f"Place {n}", "slug": f"place-{n}", "latitude": "45.76", "longitude": "4.85"}
        return Place.objects.create(zone=zone, **usual | facts)


def make_class(**facts: Any) -> CarClass:
    """A class for three."""
    with as_owner():
        return CarClass.objects.create(**{"name": f"Class {next(NUMBER)}", "passengers": 3} | facts)


def rate_facts(kind: str) -> dict[str, Any]:
    """What a rate of such a service says, apart from its amount."""
    if kind == "hourly":
        return {"basis": "hour"}
    if kind == "tour":
        return {"basis": "person"}
    return {"basis": "route", "from_place": make_place(), "to_place": make_place(), "minutes": 40}


def make_service(*, kind: str = "tour", **facts: Any) -> Service:
    """A service of that kind, offered at 90, by night 20 per cent more, on every day from 8 to 20."""
    place, rate = facts.pop("location", None) or LocationFactory(), rate_facts(kind)
    meeting = make_place()
    slug = facts.pop("slug", f"service-{next(NUMBER)}")
    usual = {"name": "Ride", "is_offered": True, "tax_rate": Decimal(20)}
    with as_owner():
        service = Service.objects.create(kind=kind, slug=slug, location=place, **usual | facts)
        ServiceHours.objects.bulk_create(
            ServiceHours(service=service, weekday=n, opens=time(8), closes=time(20)) for n in range(7)
        )
        RideRate.objects.create(service=service, amount=90, **rate)
        Surcharge.objects.create(
            service=service, name="Night", kind="night", percent=20, from_time=time(22), to_time=time(6)
        )
        if kind == "tour":
            seats = {"default_capacity": 6, "min_passengers": 2, "duration_minutes": 180}
            Tour.objects.create(service=service, meeting_place=meeting, languages=["en"], **seats)
    return service
