"""The page of a service: when, how long or from where to where, its price, and Continue, which places the hold."""

from typing import Any

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings.availability.rides.offer import Offer
from bookings.availability.rules import Reason
from bookings.errors import DatesTaken, ProofRequired, RulesRefused
from bookings.forms.details import typed_details
from bookings.forms.rides import as_query
from bookings.models import Hold
from bookings.views.cookies import keep_typed, kept_typed, live_hold
from bookings.views.decorators import mark_private, see_other
from bookings.views.lists.offers import query
from bookings.views.proof import Asked, ask_first
from bookings.views.rides.choice import RideChoice, begins_of, choice_of
from bookings.views.rides.placing import held_for, to_details
from bookings.views.rides.seats import join, seats_of, wants_seats
from bookings.views.rides.services import url_of
from bookings.views.rides.shown import shown
from bookings.visitors import give_number
from cars.catalogue import one_catalogue
from cars.models import Service, rides_with_a_page
from exodrive.http.request import Request


@require_http_methods(["GET", "HEAD", "POST"])
def service(request: Request, slug: str) -> HttpResponse:
    """A service by the hour or a transfer. GET shows and prices a wish; POST is Continue: it places the hold."""
    return _at_its_address(request, slug, is_tour=False)


@require_http_methods(["GET", "HEAD", "POST"])
def tour(request: Request, slug: str) -> HttpResponse:
    """A tour by the car, the same way, or seats on one of its departures."""
    return _at_its_address(request, slug, is_tour=True)


def _at_its_address(request: Request, slug: str, *, is_tour: bool) -> HttpResponse:
    at = timezone.now()
    hold = live_hold(request, at)
    found = get_object_or_404(rides_with_a_page(), slug=slug)
    if (found.kind == Service.Kind.TOUR) != is_tour:
        return HttpResponsePermanentRedirect(url_of(found) + query(**request.GET.dict()))
    # What is shown is one state; the verb behind Continue looks again.
    with one_catalogue() as known:
        found.location = known.location(found.location_id) or found.location
        return _answer(request, Offer.of(found), hold, at)


def _answer(request: Request, offer: Offer, hold: Hold | None, at: Any) -> HttpResponse:
    data = request.POST if request.method == "POST" else request.GET
    if wants_seats(offer.service, data):
        return join(request, offer, hold, at)
    back = bool({"dates", "language"} & request.POST.keys())
    pressed = (request.method == "POST" and not back) or "check" in request.GET
    choice = choice_of(offer, data, at, hold=hold, pressed=pressed)
    if back:
        return _back_to_times(request, choice)
    if request.method == "POST":
        return _continue(request, choice, hold, at)
    return _ride_page(request, choice, at)


def _ride_page(request: Request, choice: RideChoice, at: Any, status: int = 200) -> HttpResponse:
    context = shown(choice, at, pressed=status != 200 or "check" in request.GET)
    context["seats"] = seats_of(choice.offer, at)
    part = request.htmx.target == "answer"
    if part and choice.form.errors:  # beside the fields they stand on the whole page
        context["problems"] = [text for _name, text in choice.form.summary]
    template = "rides/_answer.html" if part else "rides/service.html"
    response = render(request, template, context, status=422 if choice.form.errors else status)
    response["Vary"] = "HX-Request, HX-Target, Cookie, Accept-Language"
    give_number(request, response)
    if part:
        response["HX-Replace-Url"] = request.path + query(**asked_for(choice))
    return response


def asked_for(choice: RideChoice) -> dict[str, Any]:
    """What the address says of the choice: all of a wish, or what was typed of one."""
    if choice.wish:
        return as_query(choice.wish, choice.form.options)
    return {name: value for name, value in choice.form.data.items() if value not in ("", None)}


def _back_to_times(request: Request, choice: RideChoice) -> HttpResponse:
    """To the form, in any language, from a page that was shown after it. Nothing typed is lost."""
    response = see_other(request.path + query(**asked_for(choice)))
    keep_typed(response, typed_details(request.POST), request.path)
    return mark_private(response)


def _continue(request: Request, choice: RideChoice, hold: Hold | None, at: Any) -> HttpResponse:
    wish = choice.wish
    if wish is None:
        return _ride_page(request, choice, at, status=422)
    typed = typed_details(request.POST) or kept_typed(request)
    try:
        held = held_for(request, wish, choice.form.options, hold, at)
    except ProofRequired:
        fields = as_query(wish, choice.form.options)
        asked = Asked(wish.service.text, begins_of(wish), request.path, fields)
        return ask_first(request, asked, typed)
    except (DatesTaken, RulesRefused) as refusal:
        told = refusal.details["reasons"] or [Reason(refusal.code, str(refusal.message))]
        choice.refuse(told, timezone.now(), hold)
        return _ride_page(request, choice, at, status=refusal.status)
    return to_details(held, typed)
