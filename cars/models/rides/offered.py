"""Which services customers are shown."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from cars.models.rides.rates import RideRate
from cars.models.rides.services import Service


def offered_rides() -> QuerySet[Service]:
    """What can be booked with a car of one's own: not tours that are sold by the seat alone. With place and tour."""
    by_the_car = Exists(RideRate.objects.filter(service=OuterRef("pk"), basis=RideRate.Basis.VEHICLE))
    shown = Service.objects.filter(~Q(kind=Service.Kind.TOUR) | by_the_car, is_offered=True)
    return shown.select_related("location", "tour__meeting_place")
