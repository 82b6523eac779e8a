"""Which services customers are shown."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from cars.models.rides.rates import RideRate
from cars.models.rides.services import Service
from cars.models.rides.tours import Tour


def offered_rides() -> QuerySet[Service]:
    """What can be booked: with a car of one's own, or by the seat while a tour has departures. With place and tour."""
    by_the_car = Exists(RideRate.objects.filter(service=OuterRef("pk"), basis=RideRate.Basis.VEHICLE))
    coming = {"departures__status": "open", "departures__starts_at__gt": Now()}
    departs = Exists(Tour.objects.filter(service=OuterRef("pk"), **coming))
    return rides_with_a_page().filter(~Q(kind=Service.Kind.TOUR) | by_the_car | departs)


def rides_with_a_page() -> QuerySet[Service]:
    """What is offered at all: also a tour by the seat that has no departure at the moment."""
    has_a_price = Exists(RideRate.objects.filter(service=OuterRef("pk")))
    shown = Service.objects.filter(~Q(kind=Service.Kind.TOUR) | has_a_price, is_offered=True)
    return shown.select_related("location", "tour__meeting_place")
