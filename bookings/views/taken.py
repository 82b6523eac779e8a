""" "Those dates were just booked": the loser of a race gets what is free instead, one press away."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bookings.days import Days
from bookings.offers import alternatives
from bookings.views.private import secret
from cars.models import Car


def taken_page(
    request: HttpRequest, car: Car, days: Days, typed: dict[str, str], *, at: datetime, mine: Any = None
) -> HttpResponse:
    """409 with the nearest free ranges of this car and other cars on the same days. Typed details are carried on."""
    context = {
        "car": car,
        "days": days,
        "typed": typed,
        "alternatives": alternatives(car, days, at=at, mine=mine),
    }
    return secret(render(request, "bookings/taken.html", context, status=409))
