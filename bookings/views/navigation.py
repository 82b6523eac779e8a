"""What the top of every public page leads to."""

from typing import Any

from django.db import Error
from django.http import HttpRequest

from bookings.errors import Unavailable
from cars.catalogue import catalogue


def worlds(request: HttpRequest) -> dict[str, Any]:
    """`has_rides`: whether there is something beside cars. Looked up only by a page that asks."""
    return {"has_rides": _has_rides}


def _has_rides() -> bool:
    try:
        return catalogue().rows.rides
    except (Error, Unavailable):  # the page may be the one that says that the database is away
        return False
