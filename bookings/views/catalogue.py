"""Home and the catalogue: what can be rented, when, and for how much."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.availability.refused import refused
from bookings.days import Days
from bookings.forms.catalogue import CatalogueForm
from bookings.views.lists.found import Found, find
from bookings.views.lists.offers import Offer, bounds, coming_tariff, listed, query
from cars.catalogue import one_catalogue
from cars.models import Car, Location
from cars.pricing.tariff import tariff_of
from exodrive.numbers import small_number

HOME_CARS = 3
FILTERS = ("place", "seats", "gearbox", "max_price", "max_total")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Who we are, a date form, how it works, a few cars."""
    with one_catalogue():
        return render(request, "home.html", _home(timezone.now()))


def _home(at: Any) -> dict[str, Any]:
    # The dearest car stands in front, and the cheaper ones below show that it need not be.
    (cars,) = listed(Car.objects.filter(status=Car.Status.OFFERED))
    hero, rest = cars[-1:], cars[:-1]
    tariff = coming_tariff(at)
    return {
        "hero": Offer(hero[0], tariff=tariff) if hero else None,
        "offers": [Offer(car, tariff=tariff) for car in rest[:: max(1, len(rest) // HOME_CARS)][:HOME_CARS]],
        "form": CatalogueForm(),
        "hold_minutes": settings.HOLD_FOR.seconds // 60,
        **bounds(at),
    }


@require_safe
def cars(request: HttpRequest) -> HttpResponse:
    """The catalogue, filtered; with dates the free cars first and the booked ones with their next free days."""
    with one_catalogue():
        return render(request, "cars/list.html", _catalogue(request, timezone.now()))


def _catalogue(request: HttpRequest, at: datetime) -> dict[str, Any]:
    form = CatalogueForm(request.GET)
    form.is_valid()
    errors = [(name, text) for name, text in form.summary if name in ("start", "end")]
    return {
        "form": form,
        **_lists(form, at, small_number(request.GET.get("page", "")) or 1),
        "filtered": bool(form.chosen),
        "errors": errors,
        "date_error": errors[0][1] if errors else "",
        "section": "cars",
        **bounds(at),
    }


def _lists(form: CatalogueForm, at: datetime, page: int) -> dict[str, Any]:
    """The cars to show and, when none is free, why; and the address without the dates or the filters."""
    days = form.cleaned_data.get("days")
    found = find(form, at, page)
    dates = {"start": days.start, "end": days.end} if days else {}
    filters = {name: form[name].value() for name in (*FILTERS, "sort")}
    return {
        "days": days,
        "count": found.count,
        "free": found.free,
        "free_at": _by_place(found.free),
        "booked": found.booked,
        "pages": _pages(found, filters | dates),
        "without_dates": query(**filters),
        "without_filters": query(**dates, sort=form["sort"].value()),
        **({} if found.count else _nothing_free(form, found, dates, filters, at)),
    }


def _pages(found: Found, asked: dict[str, Any]) -> dict[str, Any] | None:
    """Where the other pages are, if there are any."""
    if found.pages == 1:
        return None
    before, after = found.page - 1, found.page + 1
    return {
        "n": found.page,
        "all": found.pages,
        "before": query(**asked, page=before if before > 1 else None) or "?" if before else "",
        "after": query(**asked, page=after) if after <= found.pages else "",
    }


def _nothing_free(
    form: CatalogueForm, found: Found, dates: Any, filters: dict[str, Any], at: datetime
) -> dict[str, Any]:
    """The rule that forbids the days, with days that it allows; and each filter with the list without it."""
    why = refused(found.refusing, form.cleaned_data["days"], at) if dates else None
    fixes = [fix for fix in (why.fixes if why else []) if _can_be_paid(form, found, fix)]
    return {
        "why": why,
        "fixes": [(fix, query(**filters, start=fix.start, end=fix.end)) for fix in fixes],
        "unfilter": [(label, query(**dates, **(filters | {name: None}))) for name, label in form.chosen],
    }


def _can_be_paid(form: CatalogueForm, found: Found, days: Days) -> bool:
    """Whether what was asked for of the price leaves a car on these days."""
    tariff = tariff_of(days.start, days.end)
    return any(form.fits(Offer(car, days, tariff=tariff)) for car in found.prices)


def _by_place(offers: list[Offer]) -> list[tuple[Location, list[Offer]]]:
    """The offers of each place, in the places' own order."""
    places = sorted({offer.car.location for offer in offers}, key=lambda place: place.name)
    return [(place, [offer for offer in offers if offer.car.location_id == place.pk]) for place in places]
