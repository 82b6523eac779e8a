"""Days that cannot be had any more: why, and what is free instead, one press away."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bookings.availability.alternatives import alternatives
from bookings.availability.as_of import AsOf
from bookings.availability.ledger import reasons, taken
from bookings.days import Days
from bookings.models import CarAvailability
from bookings.views.cookies import live_hold
from bookings.views.decorators import mark_private
from cars.models import Car


def taken_page(
    request: HttpRequest, car: Car, days: Days, typed: dict[str, str], *, as_of: AsOf
) -> HttpResponse:
    """409 with every reason, the nearest free ranges and other cars on the same days. Typed details are carried on."""
    found = reasons(car, days, as_of=as_of)
    context = {
        "reasons": found,
        **_who(request, car, days, as_of),
        # Nothing speaks against days that were lost in a race and given back since.
        "lost": not found or any(reason.code in ("taken", "buffer") for reason in found),
        "car": car,
        "days": days,
        "typed": typed,
        "typed_form": "days",
        "alternatives": alternatives(car, days, as_of=as_of),
    }
    return mark_private(render(request, "bookings/taken.html", context, status=409))


def _who(request: HttpRequest, car: Car, days: Days, as_of: AsOf) -> dict[str, Any]:
    """Whether the days are only held: in another window of this browser (`mine`), or by somebody else (`held_until`).

    Days of a booking are nobody's to get back, whoever made it.
    """
    last = days.with_buffer(car.buffer).end
    rows = CarAvailability.objects.filter(taken(as_of), car=car, date__range=(days.start, last))
    held = rows.filter(hold__isnull=False, expires_at__isnull=False)
    holds: dict[Any, datetime] = dict(held.values_list("hold_id", "expires_at"))  # type: ignore[arg-type]
    if not holds or rows.filter(hold__isnull=True).exists():
        return {}
    mine = live_hold(request, as_of.at)
    if mine and mine.pk in holds:
        return {"mine": mine}
    return {"held_until": max(holds.values())}
