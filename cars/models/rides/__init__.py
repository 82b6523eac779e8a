"""What is offered by the hour, from place to place or as a tour: the catalogue of rides."""

from cars.models.rides.classes import CarClass
from cars.models.rides.offered import offered_rides, rides_with_a_page
from cars.models.rides.places import Place, Zone
from cars.models.rides.rates import RideRate
from cars.models.rides.services import Service, ServiceHours
from cars.models.rides.surcharges import Surcharge
from cars.models.rides.tours import Tour

__all__ = [
    "CarClass",
    "Place",
    "RideRate",
    "Service",
    "ServiceHours",
    "Surcharge",
    "Tour",
    "Zone",
    "offered_rides",
    "rides_with_a_page",
]
