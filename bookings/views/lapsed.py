"""When a hold is over: the same days once more, or what is free instead. Nothing typed is lost."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from bookings.availability import ledger
from bookings.availability.as_of import AsOf
from bookings.availability.times import usual_pickup
from bookings.days import Days
from bookings.errors import Invalid, NotFound
from bookings.forms.details import typed_details
from bookings.models import Booking
from bookings.views.lists.offers import query
from bookings.views.rides.held import again_url
from bookings.views.unavailable import taken_page
from cars.models import Car
from cars.pricing.daily import Quote
from cars.pricing.tariff import quote
from exodrive.http.request import Request


def rental(car: Car, days: Days, price: Quote | None = None) -> dict[str, Any]:
    """What is rented, as the pages around a hold show it: at that price, else at the price of today."""
    return {
        "car": car,
        "days": days,
        "quote": price or quote(car, days),
        "opens": usual_pickup(car.location, days.start, timezone.now()),
        "closes": car.location.closes_on(days.end),
        "change_url": reverse("car", args=[car.slug]) + query(start=days.start, end=days.end),
        "hold_minutes": settings.HOLD_FOR.seconds // 60,
    }


def vanished(request: Request, at: datetime) -> HttpResponse:
    """A hold that was cleaned up, or never was. The form itself remembers its car and days, so nothing typed is lost."""
    request.opened_nothing = True
    if request.htmx.target == "hold":
        return render(request, "bookings/_hold.html", {"hold_state": "over"})
    if request.method != "POST":
        raise NotFound
    slug = request.POST.get("car", "").replace("\0", "")  # PostgreSQL knows no NUL
    car = get_object_or_404(Car.objects.select_related("location").prefetch_related("images"), slug=slug)
    try:
        days = Days.parse(request.POST.get("start"), request.POST.get("end"))
    except Invalid as error:
        raise NotFound from error
    return offer_again(request, car, days, typed_details(request.POST), as_of=AsOf(at))


def offer_again(
    request: Request,
    car: Car,
    days: Days,
    typed: dict[str, str],
    *,
    as_of: AsOf,
) -> HttpResponse:
    """The same days once more when they can still be had, else what is free instead."""
    if ledger.reasons(car, days, as_of=as_of):
        return taken_page(request, car, days, typed, as_of=as_of)
    status = 409 if request.method == "POST" else 200
    context = {**rental(car, days), "typed": typed, "typed_form": "days"}
    return render(request, "bookings/lapsed.html", context, status=status)


def book_again(found: Booking, at: datetime) -> str:
    """Where the same can be booked once more: on the same days if they can be had, else by the calendar."""
    if found.is_ride:
        return again_url(found)
    car, days = found.car, found.days
    if car.status != Car.Status.OFFERED:
        return reverse("cars")
    free = not ledger.reasons(car, days, as_of=AsOf(at))
    return reverse("car", args=[car.slug]) + (query(start=days.start, end=days.end) if free else "")
