"""What the top of every public page leads to."""

from functools import partial
from typing import Any

from django.db import Error
from django.http import HttpRequest

from bookings.errors import Unavailable
from cars.catalogue import shows_rides
from exodrive.routes import Tag, tags_of


def worlds(request: HttpRequest) -> dict[str, Any]:
    """`has_rides`: whether there is something beside cars. Looked up only by a page that asks."""
    return {"has_rides": partial(_has_rides, request)}


def _has_rides(request: HttpRequest) -> bool:
    """Who opens a secret link, or a page that no view has made, is not kept waiting for it: what was known last will do."""
    try:
        return shows_rides(ask=bool(request.resolver_match) and Tag.SECRET not in tags_of(request.path))
    except (Error, Unavailable):  # the page may be the one that says that the database is away
        return False
