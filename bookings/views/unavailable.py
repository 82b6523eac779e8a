"""Days that cannot be had any more: why, and what is free instead, one press away."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bookings.availability.alternatives import alternatives
from bookings.availability.as_of import AsOf
from bookings.availability.ledger import reasons
from bookings.days import Days
from bookings.views.decorators import mark_private
from cars.models import Car


def taken_page(
    request: HttpRequest, car: Car, days: Days, typed: dict[str, str], *, as_of: AsOf
) -> HttpResponse:
    """409 with every reason, the nearest free ranges and other cars on the same days. Typed details are carried on."""
    found = reasons(car, days, as_of=as_of)
    context = {
        "reasons": found,
        # Nothing speaks against days that were lost in a race and given back since.
        "lost": not found or any(reason.code in ("taken", "buffer") for reason in found),
        "car": car,
        "days": days,
        "typed": typed,
        "alternatives": alternatives(car, days, as_of=as_of),
    }
    return mark_private(render(request, "bookings/taken.html", context, status=409))
