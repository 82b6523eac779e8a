"""Home, the catalogue and the car page: what can be rented, when, and for how much."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from bookings.availability.alternatives import Alternative, next_free_of
from bookings.availability.as_of import AsOf
from bookings.availability.free_cars import free_cars
from bookings.availability.holds import place_hold
from bookings.days import Days
from bookings.errors import DatesTaken, RulesRefused
from bookings.forms.catalogue import CatalogueForm
from bookings.forms.details import typed_details
from bookings.models import Hold
from bookings.views.cookies import keep_typed, live_hold, remember_hold
from bookings.views.date_selection import (
    DateSelection,
    choice_from,
    chosen_at,
    judge,
    refuse,
    stamp,
    window_of,
)
from bookings.views.decorators import mark_private, see_other
from bookings.views.unavailable import taken_page
from bookings.visitors import give_number, visitor_of
from cars.models import Car, Fleet, Location
from cars.pricing.daily import Quote, Tariff, quote_rental
from cars.pricing.tariff import tariff_of
from exodrive.http.request import Request
from exodrive.rls import PUBLIC, acting_as

HOME_CARS = 3
NO_TARIFF = Tariff()


@dataclass(frozen=True, slots=True)
class Offer:
    """A car in a list: with dates its price for them, and when it is booked then, the next days that are free."""

    car: Car
    days: Days | None = None
    free_again: Days | None = None
    tariff: Tariff = NO_TARIFF

    @property
    def quote(self) -> Quote | None:
        days = self.free_again or self.days
        return quote_rental(self.car, days, self.tariff) if days else None

    @property
    def url(self) -> str:
        days = self.free_again or self.days
        return reverse("car", args=[self.car.slug]) + (query(start=days.start, end=days.end) if days else "")


def query(**values: Any) -> str:
    """A query string of the values that are there, or ""."""
    filled = {name: value for name, value in values.items() if value}
    return f"?{urlencode(filled)}" if filled else ""


def listed(cars: Any) -> list[Car]:
    """The cars with what a card shows of them."""
    return list(cars.select_related("location").prefetch_related("images"))


def bounds(at: Any) -> dict[str, Any]:
    """First and last day that any location can offer, for date fields that belong to no car."""
    today = [place.today(at) for place in Location.objects.all()] or [timezone.localdate(at)]
    own, fleet = (
        Car.objects.aggregate(n=Max("horizon_days"))["n"],
        Fleet.objects.aggregate(n=Max("horizon_days"))["n"],
    )
    horizon = max(own or 0, fleet or Fleet().horizon_days)
    return {"first": min(today), "last": max(today) + timedelta(days=horizon)}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Who we are, a date form, how it works, a few cars."""
    at = timezone.now()
    # The dearest car stands in front, and the cheaper ones below show that it need not be.
    cars = listed(Car.objects.filter(status=Car.Status.OFFERED))
    hero, rest = cars[-1:], cars[:-1]
    context = {
        "hero": Offer(hero[0]) if hero else None,
        "offers": [Offer(car) for car in rest[:: max(1, len(rest) // HOME_CARS)][:HOME_CARS]],
        "hold_minutes": settings.HOLD_FOR.seconds // 60,
        **bounds(at),
    }
    return render(request, "home.html", context)


@require_safe
def cars(request: HttpRequest) -> HttpResponse:
    """The catalogue, filtered; with dates the free cars first and the booked ones with their next free days."""
    at = timezone.now()
    form = CatalogueForm(request.GET)
    form.is_valid()
    days, chosen = form.cleaned_data.get("days"), form.filters
    errors = [(name, text) for name, text in form.summary if name in ("start", "end")]
    free, booked = _offers(days, chosen, at)
    dates = {"start": form["start"].value(), "end": form["end"].value()} if days else {}
    filters = {name: request.GET.get(name) for name in ("seats", "gearbox", "max_price")}
    context = {
        "form": form,
        "days": days,
        "free": free,
        "booked": booked,
        "filtered": bool(chosen),
        "without_dates": query(**filters),
        "without_filters": query(**dates),
        "errors": errors,
        "date_error": errors[0][1] if errors else "",
        "section": "cars",
        **bounds(at),
    }
    return render(request, "cars/list.html", context)


def _offers(days: Days | None, chosen: dict[str, Any], at: Any) -> tuple[list[Offer], list[Offer]]:
    """Free cars, and those that are booked on the days, the one that is free again soonest first."""
    if days is None:
        return [Offer(car) for car in listed(Car.objects.filter(status=Car.Status.OFFERED, **chosen))], []
    free = listed(free_cars(days, AsOf(at)).filter(**chosen))
    others = listed(
        Car.objects.filter(status=Car.Status.OFFERED, **chosen).exclude(pk__in=[car.pk for car in free])
    )
    again = next_free_of(others, days, at=at)
    shown = [days, *again.values()]
    tariff = tariff_of(min(d.start for d in shown), max(d.end for d in shown))
    booked = [Offer(car, days, again[car.pk], tariff) for car in others if car.pk in again]
    return [Offer(car, days, tariff=tariff) for car in free], sorted(booked, key=_soonest)


def _soonest(offer: Offer) -> Any:
    return offer.free_again and offer.free_again.start, offer.car.daily_rate


@require_http_methods(["GET", "HEAD", "POST"])
def car(request: Request, slug: str) -> HttpResponse:
    """A car with its calendar. GET shows, picks and prices; POST is Continue: it places the hold."""
    at = timezone.now()
    hold = live_hold(request, at)
    found = get_object_or_404(
        Car.objects.select_related("location").prefetch_related("images"),
        slug=slug,
        status=Car.Status.OFFERED,
    )
    as_of = AsOf(at, hold if hold and hold.car_id == found.pk else None)
    window = window_of(found, as_of=as_of)
    data = request.POST if request.method == "POST" else request.GET
    choice = choice_from(data, found, window, as_of=as_of)
    if request.method == "POST":
        return _continue(request, choice, hold, at)
    return _car_page(request, choice, at)


def _car_page(request: Request, choice: DateSelection, at: Any, status: int = 200) -> HttpResponse:
    data = request.POST if request.method == "POST" else request.GET
    submitted = request.method == "POST" or "check" in request.GET
    context = {
        "car": choice.car,
        "pictures": list(choice.car.images.all()),
        "calendar": choice.calendar,
        "days": choice.days,
        "quote": choice.quote,
        "start": choice.start.isoformat() if choice.start else "",
        "end": choice.end.isoformat() if choice.end else "",
        "first": choice.window.first,
        "last": choice.window.last,
        "hint": choice.hint,
        "spoken": choice.spoken,
        "problems": choice.problems,
        "instead": [(other, url_of(other)) for other in choice.instead],
        "errors": [("start", text) for text in choice.problems] if submitted else [],
        "chosen": stamp(choice, data.get("chosen", ""), at),
        "blocked": " ".join(sorted(day.isoformat() for day in choice.window.taken)),
        "crosses_pattern": _("%(day)s is booked, so we started again from the day you chose.")
        % {"day": "{day}"},
        "longest_note": ngettext(
            "You can book %(n)d day at most.", "You can book %(n)d days at most.", choice.car.longest
        )
        % {"n": choice.car.longest},
        "free_hours": settings.FREE_CANCELLATION_HOURS,
        "dates_query": _dates_query(choice),
    }
    template = {"calendar": "cars/_calendar.html", "price": "cars/_answer.html"}.get(
        request.htmx.target or "",
        "cars/car.html",
    )
    response = render(request, template, context, status=status)
    response["Vary"] = "HX-Request, HX-Target, Cookie, Accept-Language"
    give_number(request, response)
    if template == "cars/_answer.html":
        response["HX-Replace-Url"] = request.path + _dates_query(choice)
    return response


def url_of(other: Alternative) -> str:
    """The page of the car that is free instead, with the days chosen."""
    return reverse("car", args=[other.car.slug]) + query(start=other.days.start, end=other.days.end)


def _dates_query(choice: DateSelection) -> str:
    return query(start=choice.days.start, end=choice.days.end) if choice.days else ""


def _continue(request: Request, choice: DateSelection, hold: Hold | None, at: Any) -> HttpResponse:
    if not choice.days:
        judge(choice, as_of=AsOf(at))
        return _car_page(request, choice, at, status=422)
    days, typed = choice.days, typed_details(request.POST)
    try:
        held = _held(request, choice, days, hold, at)
    except DatesTaken:
        return taken_page(request, choice.car, days, typed, as_of=AsOf(at))
    except RulesRefused as refusal:
        sentences = [reason.message for reason in refusal.details["reasons"]]
        refuse(choice, sentences, as_of=AsOf(at, hold if hold and hold.car_id == choice.car.pk else None))
        return _car_page(request, choice, at, status=422)
    url = reverse("details", args=[held.token])
    response = see_other(url)
    remember_hold(response, held)
    if typed:
        keep_typed(response, typed, url)
    return mark_private(response)


def _held(request: HttpRequest, choice: DateSelection, days: Days, hold: Hold | None, at: Any) -> Hold:
    """The hold on these days: the one this browser has already, else a new one in its place."""
    if hold and (hold.car_id, hold.days) == (choice.car.pk, days):
        return hold
    with acting_as(PUBLIC, token=hold.token if hold else None):
        return place_hold(
            car=choice.car,
            days=days,
            at=at,
            source=device(request),
            chosen_at=chosen_at(request.POST.get("chosen", ""), choice.car, days),
            replaces=hold,
            visitor=visitor_of(request),
        )


def device(request: HttpRequest) -> str:
    """The source of a booking made here: `mobile` when the browser says so, else `web`."""
    return "mobile" if "Mobi" in request.headers.get("User-Agent", "") else "web"
