"""The page of a service: when, how long or from where to where, its price, and Continue, which places the hold."""

from typing import Any

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings.availability.holds import Visitor
from bookings.availability.rides.chosen import kept
from bookings.availability.rides.holds import hold_ride
from bookings.availability.rides.offer import Offer
from bookings.availability.rides.wish import Wish
from bookings.availability.rules import Reason
from bookings.errors import DatesTaken, ProofRequired, RulesRefused
from bookings.forms.details import typed_details
from bookings.forms.rides import as_query
from bookings.models import Hold
from bookings.views.car import device
from bookings.views.cookies import keep_typed, kept_typed, live_hold, remember_hold
from bookings.views.decorators import mark_private, see_other
from bookings.views.lists.offers import query
from bookings.views.proof import Asked, ask_first, code_of
from bookings.views.rides.choice import RideChoice, begins_of, choice_of
from bookings.views.rides.services import url_of
from bookings.views.rides.shown import shown
from bookings.visitors import give_number, network_of, visitor_of
from cars.catalogue import one_catalogue
from cars.models import Service, offered_rides
from exodrive.http.request import Request
from exodrive.rls import PUBLIC, acting_as


@require_http_methods(["GET", "HEAD", "POST"])
def service(request: Request, slug: str) -> HttpResponse:
    """A service by the hour or a transfer. GET shows and prices a wish; POST is Continue: it places the hold."""
    return _at_its_address(request, slug, is_tour=False)


@require_http_methods(["GET", "HEAD", "POST"])
def tour(request: Request, slug: str) -> HttpResponse:
    """A tour by the car, the same way."""
    return _at_its_address(request, slug, is_tour=True)


def _at_its_address(request: Request, slug: str, *, is_tour: bool) -> HttpResponse:
    at = timezone.now()
    hold = live_hold(request, at)
    found = get_object_or_404(offered_rides(), slug=slug)
    if (found.kind == Service.Kind.TOUR) != is_tour:
        return HttpResponsePermanentRedirect(url_of(found) + query(**request.GET.dict()))
    # What is shown is one state; the verb behind Continue looks again.
    with one_catalogue() as known:
        found.location = known.location(found.location_id) or found.location
        return _answer(request, Offer.of(found), hold, at)


def _answer(request: Request, offer: Offer, hold: Hold | None, at: Any) -> HttpResponse:
    data = request.POST if request.method == "POST" else request.GET
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
        held = _held(request, wish, choice, hold, at)
    except ProofRequired:
        fields = as_query(wish, choice.form.options)
        asked = Asked(wish.service.text, begins_of(wish), request.path, fields)
        return ask_first(request, asked, typed)
    except (DatesTaken, RulesRefused) as refusal:
        told = refusal.details["reasons"] or [Reason(refusal.code, str(refusal.message))]
        choice.refuse(told, timezone.now(), hold)
        return _ride_page(request, choice, at, status=refusal.status)
    url = reverse("details", args=[held.token])
    response = see_other(url)
    remember_hold(response, held)
    if typed:
        keep_typed(response, typed, url)
    return mark_private(response)


def _held(request: Request, wish: Wish, choice: RideChoice, hold: Hold | None, at: Any) -> Hold:
    """The hold for this wish: the one this browser has already, else a new one in its place."""
    options = choice.form.options
    mine = hold and (hold.service_id, hold.car_class_id, hold.hours, hold.choice)
    if hold and mine == (wish.service.pk, wish.car_class.pk, wish.hours, kept(wish, options)):
        return hold
    by = Visitor(device(request), visitor_of(request), network_of(request), code=code_of(request))
    with acting_as(PUBLIC, token=hold.token if hold else None):
        return hold_ride(wish=wish, options=options, at=at, replaces=hold, by=by)
