"""How far it is by road, about: nobody is asked, so nothing that is typed leaves the site."""

from decimal import Decimal
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cars.models import Place

EARTH_KM = 6371.0088  # mean radius
ROAD_FACTOR = Decimal("1.3")  # roads are longer than the great circle by about this


def great_circle_km(one: "Place", other: "Place") -> Decimal:
    """Over the ground, to 100 m."""
    lat, lon, to_lat, to_lon = (
        radians(float(degrees)) for degrees in (one.latitude, one.longitude, other.latitude, other.longitude)
    )
    half = sin((to_lat - lat) / 2) ** 2 + cos(lat) * cos(to_lat) * sin((to_lon - lon) / 2) ** 2
    return round(Decimal(2 * EARTH_KM * asin(min(1.0, sqrt(half)))), 1)


def road_km(one: "Place", other: "Place") -> Decimal:
    """By road, estimated to 100 m; the same in both directions."""
    return round(great_circle_km(one, other) * ROAD_FACTOR, 1)
