"""What can be rented, where, by which rules, and for how much."""

from cars.models.cars import BY_NAME, Car
from cars.models.fleet import EVERY_DAY, Fleet
from cars.models.hours import ClosedDay, OpeningHours
from cars.models.pictures import CarImage
from cars.models.places import Agency, Location, validate_time_zone
from cars.models.prices import Discount, Extra, Fee, Per, Season
from cars.models.rides import (
    CarClass,
    Place,
    RideRate,
    Service,
    ServiceHours,
    Surcharge,
    Tour,
    Zone,
    offered_rides,
    rides_with_a_page,
)
from cars.models.terms import Term, terms_of, terms_of_fleet, with_terms
from cars.models.version import CatalogueVersion

__all__ = [
    "BY_NAME",
    "EVERY_DAY",
    "Agency",
    "Car",
    "CarClass",
    "CarImage",
    "CatalogueVersion",
    "ClosedDay",
    "Discount",
    "Extra",
    "Fee",
    "Fleet",
    "Location",
    "OpeningHours",
    "Per",
    "Place",
    "RideRate",
    "Season",
    "Service",
    "ServiceHours",
    "Surcharge",
    "Term",
    "Tour",
    "Zone",
    "offered_rides",
    "rides_with_a_page",
    "terms_of",
    "terms_of_fleet",
    "validate_time_zone",
    "with_terms",
]
