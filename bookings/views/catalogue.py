"""Home, the catalogue and the car page: what can be rented, when, and for how much."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.availability.alternatives import next_free_of
from bookings.availability.as_of import AsOf
from bookings.availability.free_cars import free_cars
from bookings.availability.refused import refused
from bookings.days import Days
from bookings.forms.catalogue import CatalogueForm
from cars.catalogue import catalogue, one_catalogue
from cars.models import Car, Location
from cars.pricing.daily import DAY_CODES, Quote, Tariff, quote_rental
from cars.pricing.rates import rates
from cars.pricing.tariff import seasons_of, tariff_of
from exodrive.money import Money

HOME_CARS = 3
NO_TARIFF = Tariff()
FILTERS = ("place", "seats", "gearbox", "max_price", "max_total")


@dataclass(frozen=True)
class Offer:
    """A car in a list: with dates its price for them, and when it is booked then, the next days that are free."""

    car: Car
    days: Days | None = None
    free_again: Days | None = None
    tariff: Tariff = NO_TARIFF

    @cached_property
    def quote(self) -> Quote | None:
        days = self.free_again or self.days
        return quote_rental(self.car, days, self.tariff) if days else None

    @property
    def price(self) -> Money:
        """What a card shows: the total of the days, without days the lowest rate. Sorted and filtered by."""
        return self.quote.total if self.quote else self.rate

    @cached_property
    def rates(self) -> set[Money]:
        """The prices of the days that can be booked."""
        first = self.car.location.today(timezone.now())
        return rates(self.car, self.tariff, first, first + timedelta(days=self.car.horizon))

    @property
    def rate(self) -> Money:
        """The lowest price of a day."""
        return min(self.rates)

    @property
    def day_price(self) -> Money:
        """The dearest of the days chosen, without days the lowest."""
        if self.quote is None:
            return self.rate
        return max(line.unit_price for line in self.quote.lines if line.code in DAY_CODES)

    @property
    def is_from(self) -> bool:
        """Whether other days cost more than the rate shown."""
        return not self.quote and len(self.rates) > 1

    @property
    def url(self) -> str:
        days = self.free_again or self.days
        return reverse("car", args=[self.car.slug]) + (query(start=days.start, end=days.end) if days else "")


def query(**values: Any) -> str:
    """A query string of the values that are there, or ""."""
    filled = {name: value for name, value in values.items() if value}
    return f"?{urlencode(filled)}" if filled else ""


def listed(*lists: Any) -> list[list[Car]]:
    """The cars with what a card shows of them: a query for each list, and one for all pictures."""
    known = catalogue()
    found = [[known.furnish(car) for car in cars.select_related(None)] for cars in lists]
    prefetch_related_objects([car for cars in found for car in cars], "images")
    return found


def bounds(at: Any) -> dict[str, Any]:
    """First and last day that any location can offer, for date fields that belong to no car."""
    known = catalogue()
    today = [place.today(at) for place in known.locations] or [timezone.localdate(at)]
    return {"first": min(today), "last": max(today) + timedelta(days=known.horizon)}


def coming_tariff(at: Any) -> Tariff:
    """What changes the rates between today and the last day that can be booked."""
    days = bounds(at)
    return Tariff(seasons=seasons_of(days["first"], days["last"]))


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
        return render(request, "cars/list.html", _catalogue(CatalogueForm(request.GET), timezone.now()))


def _catalogue(form: CatalogueForm, at: Any) -> dict[str, Any]:
    form.is_valid()
    errors = [(name, text) for name, text in form.summary if name in ("start", "end")]
    return {
        "form": form,
        **_lists(form, at),
        "filtered": bool(form.chosen),
        "errors": errors,
        "date_error": errors[0][1] if errors else "",
        "section": "cars",
        **bounds(at),
    }


def _offers(days: Days | None, chosen: dict[str, Any], at: Any) -> tuple[list[Offer], list[Offer]]:
    """Free cars, and those that are booked on the days, the one that is free again soonest first."""
    if days is None:
        tariff = coming_tariff(at)
        (offered,) = listed(Car.objects.filter(status=Car.Status.OFFERED, **chosen))
        return [Offer(car, tariff=tariff) for car in offered], []
    can_be_had = free_cars(days, AsOf(at)).filter(**chosen)
    free, offered = listed(can_be_had, Car.objects.filter(status=Car.Status.OFFERED, **chosen))
    others = [car for car in offered if car not in free]
    again = next_free_of(others, days, at=at)
    shown = [days, *again.values()]
    tariff = tariff_of(min(d.start for d in shown), max(d.end for d in shown))
    booked = [Offer(car, days, again[car.pk], tariff) for car in others if car.pk in again]
    return [Offer(car, days, tariff=tariff) for car in free], sorted(booked, key=_soonest)


def _lists(form: CatalogueForm, at: Any) -> dict[str, Any]:
    """The cars to show and, when none is free, why; and the address without the dates or the filters."""
    days = form.cleaned_data.get("days")
    free, booked = _offers(days, form.filters, at)
    free = form.ordered([offer for offer in free if form.fits(offer)])
    booked = [offer for offer in booked if form.fits(offer)]
    dates = {"start": days.start, "end": days.end} if days else {}
    filters = {name: form[name].value() for name in (*FILTERS, "sort")}
    return {
        "days": days,
        "free": free,
        "free_at": _by_place(free),
        "booked": booked,
        "without_dates": query(**filters),
        "without_filters": query(**dates, sort=form["sort"].value()),
        **({} if free else _nothing_free(form, dates, filters, at)),
    }


def _nothing_free(form: CatalogueForm, dates: Any, filters: dict[str, Any], at: Any) -> dict[str, Any]:
    """The rule that forbids the days, with days that it allows; and each filter with the list without it."""
    cars = list(Car.objects.filter(status=Car.Status.OFFERED, **form.filters)) if dates else []
    why = refused(cars, form.cleaned_data["days"], at) if dates else None
    fixes = [fix for fix in (why.fixes if why else []) if _can_be_paid(form, cars, fix)]
    return {
        "why": why,
        "fixes": [(fix, query(**filters, start=fix.start, end=fix.end)) for fix in fixes],
        "unfilter": [(label, query(**dates, **(filters | {name: None}))) for name, label in form.chosen],
    }


def _can_be_paid(form: CatalogueForm, cars: list[Car], days: Days) -> bool:
    """Whether what was asked for of the price leaves a car on these days."""
    tariff = tariff_of(days.start, days.end)
    return any(form.fits(Offer(car, days, tariff=tariff)) for car in cars)


def _by_place(offers: list[Offer]) -> list[tuple[Location, list[Offer]]]:
    """The offers of each place, in the places' own order."""
    places = sorted({offer.car.location for offer in offers}, key=lambda place: place.name)
    return [(place, [offer for offer in offers if offer.car.location_id == place.pk]) for place in places]


def _soonest(offer: Offer) -> Any:
    return offer.free_again and offer.free_again.start, offer.car.daily_rate
