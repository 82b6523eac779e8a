"""The car page: its calendar, the price of the days chosen, and Continue, which places the hold."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from bookings.availability.alternatives import Alternative
from bookings.availability.as_of import AsOf
from bookings.availability.holds import Visitor, place_hold
from bookings.days import Days
from bookings.errors import DatesTaken, ProofRequired, RulesRefused
from bookings.forms.details import typed_details
from bookings.models import Hold
from bookings.views.cookies import keep_typed, kept_typed, live_hold, remember_hold
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
from bookings.views.lists.offers import Offer, query
from bookings.views.proof import ask_first, car_on, code_of
from bookings.views.structured import car_data
from bookings.views.unavailable import taken_page
from bookings.visitors import give_number, network_of, visitor_of
from cars.catalogue import one_catalogue
from cars.models import Car, Term, terms_of, with_terms
from cars.pricing.daily import Tariff
from cars.pricing.tariff import seasons_of
from exodrive.http.request import Request
from exodrive.rls import PUBLIC, acting_as


@require_http_methods(["GET", "HEAD", "POST"])
def car(request: Request, slug: str) -> HttpResponse:
    """A car with its calendar. GET shows, picks and prices; POST is Continue: it places the hold."""
    at = timezone.now()
    hold = live_hold(request, at)
    offered = with_terms(Car.objects.select_related(None)).prefetch_related("images")
    row = get_object_or_404(offered, slug=slug, status=Car.Status.OFFERED)
    # What is shown is one state; the verb behind Continue looks again.
    with one_catalogue(row.pk) as known:
        return _answer(request, known.furnish(row), hold, at)


def _answer(request: Request, found: Car, hold: Hold | None, at: Any) -> HttpResponse:
    as_of = AsOf(at, hold if hold and hold.car_id == found.pk else None)
    window = window_of(found, as_of=as_of)
    data = request.POST if request.method == "POST" else request.GET
    choice = choice_from(data, found, window, as_of=as_of)
    if {"dates", "language"} & request.POST.keys():
        return _back_to_dates(request, choice)
    if request.method == "POST":
        return _continue(request, choice, hold, at)
    return _car_page(request, choice, at)


def _car_page(request: Request, choice: DateSelection, at: Any, status: int = 200) -> HttpResponse:
    context = _context(request, choice, at)
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


def _context(request: Request, choice: DateSelection, at: Any) -> dict[str, Any]:
    """The car, its calendar and price, and what speaks against the days chosen."""
    data = request.POST if request.method == "POST" else request.GET
    submitted = request.method == "POST" or "check" in request.GET
    return {
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
        "free_hours": settings.FREE_CANCELLATION_HOURS,
        "dates_query": _dates_query(choice),
        **for_script(choice),
        **_of_car(choice),
    }


def _of_car(choice: DateSelection) -> dict[str, Any]:
    """The car, what it costs at least on the days to choose from, what comes with it, and the licence it takes."""
    car, window = choice.car, choice.window
    terms = terms_of(car)
    licence = terms.pop(Term.Kind.LICENCE, "")
    offer = Offer(car, tariff=Tariff(seasons=seasons_of(window.first, window.last)))
    return {
        "car": car,
        "pictures": list(car.images.all()),
        "offer": offer,
        "structured": car_data(car, offer.rate),
        "included": list(terms.values()),
        "licence": licence,
    }


def for_script(choice: DateSelection) -> dict[str, str]:
    """What the calendar's script needs to say the same as the server does."""
    longest, crossed = choice.car.longest, _("%(day)s is booked, so we started again from the day you chose.")
    note = ngettext("You can book %(n)d day at most.", "You can book %(n)d days at most.", longest)
    return {
        "blocked": " ".join(sorted(day.isoformat() for day in choice.window.taken)),
        "crosses_pattern": crossed % {"day": "{day}"},
        "longest_note": note % {"n": longest},
    }


def url_of(other: Alternative) -> str:
    """The page of the car that is free instead, with the days chosen."""
    return reverse("car", args=[other.car.slug]) + query(start=other.days.start, end=other.days.end)


def _dates_query(choice: DateSelection) -> str:
    return query(start=choice.days.start, end=choice.days.end) if choice.days else ""


def _back_to_dates(request: Request, choice: DateSelection) -> HttpResponse:
    """To the calendar, in any language, from a page that offered the days once more or others. Nothing typed is lost."""
    response = see_other(request.path + _dates_query(choice))
    keep_typed(response, typed_details(request.POST), reverse("cars"))
    return mark_private(response)


def _continue(request: Request, choice: DateSelection, hold: Hold | None, at: Any) -> HttpResponse:
    if not choice.days:
        judge(choice, as_of=AsOf(at))
        return _car_page(request, choice, at, status=422)
    days, typed = choice.days, typed_details(request.POST) or kept_typed(request)
    try:
        held = _held(request, choice, days, hold, at)
    except ProofRequired:
        return ask_first(request, car_on(choice.car, days), typed)
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
    if hold and hold.hours is None and (hold.car_id, hold.days) == (choice.car.pk, days):
        return hold
    since = chosen_at(request.POST.get("chosen", ""), choice.car, days)
    by = Visitor(device(request), visitor_of(request), network_of(request), since, code_of(request))
    with acting_as(PUBLIC, token=hold.token if hold else None):
        return place_hold(car=choice.car, days=days, at=at, replaces=hold, by=by)


def device(request: HttpRequest) -> str:
    """The source of a booking made here: `mobile` when the browser says so, else `web`."""
    return "mobile" if "Mobi" in request.headers.get("User-Agent", "") else "web"
