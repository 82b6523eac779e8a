"""The details page of a hold: who drives, where and when; its post makes the booking."""

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from bookings.availability.as_of import AsOf
from bookings.availability.holds import extend_hold
from bookings.availability.locations import locations_for
from bookings.errors import (
    DatesTaken,
    HoldExpired,
    IdempotencyKeyReused,
    InProgress,
    Invalid,
    NotFound,
    PriceChanged,
    RulesRefused,
)
from bookings.forms.details import typed_details
from bookings.forms.extras import BookingForm
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.idempotency import Idempotency
from bookings.lifecycle.pricing.agreed import Agreed, held_price
from bookings.lifecycle.request import BookingRequest
from bookings.links.lookup import hold_for, linked_token
from bookings.models import Booking, Hold
from bookings.views.cookies import keep_typed, kept_typed, remember_hold
from bookings.views.decorators import private, see_other
from bookings.views.held import say, time_left, to_booking, to_twin, wait_for_twin
from bookings.views.lapsed import offer_again, rental, vanished
from bookings.views.rides.details import book_held_ride, held_ride
from bookings.views.unavailable import taken_page
from bookings.visitors import sender_of
from exodrive.http.request import Request
from exodrive.limits.rates import hit


@require_http_methods(["GET", "HEAD", "POST"])
@private
def details(request: Request, token: str) -> HttpResponse:
    """GET shows the form; POST makes the booking and leads to its page. A hold that became one leads there too."""
    at = timezone.now()
    try:
        hold = hold_for(token)
    except NotFound:
        return vanished(request, at)
    if hold.booking_id:
        return to_booking(hold, linked_token())
    if request.method == "POST":
        return (book_held_ride if hold.is_ride else _book)(request, hold, at)
    if request.htmx.target == "hold":
        return render(request, "bookings/_hold.html", time_left(hold, at))
    if "turn" in request.GET:
        return wait_for_twin(request, hold)
    if hold.is_ride:
        return held_ride(request, hold, at)
    if not hold.is_live(at):
        return offer_again(request, hold.car, hold.days, kept_typed(request), as_of=AsOf(at, hold))
    return _form_page(request, hold, _form(hold, typed=kept_typed(request)), at)


def _form(hold: Hold, data: Any = None, typed: dict[str, str] | None = None) -> BookingForm:
    return BookingForm(data, car=hold.car, days=hold.days, places=locations_for(hold.car), initial=typed)


def _form_page(
    request: Request, hold: Hold, form: BookingForm, at: datetime, status: int = 200
) -> HttpResponse:
    errors = form.summary if form.is_bound else []
    context = {
        "form": form,
        "errors": errors,
        "typed_form": "details",
        **_held_rental(hold, form),
        **time_left(hold, at),
    }
    return render(request, "bookings/details.html", context, status=status)


def _held_rental(hold: Hold, form: BookingForm) -> dict[str, Any]:
    """With the price as held, and what stands in the form for having seen it."""
    price = held_price(hold, form.pricing)
    return rental(hold.car, hold.days, price) | {"agreed": Agreed.of(price)}


# --- Booking ----------------------------------------------------------------------------------------------------


def _new_price(request: Request, hold: Hold, at: datetime) -> HttpResponse:
    """What it costs with the wishes typed so far; nothing is checked yet."""
    form = _form(hold, typed=typed_details(request.POST))
    if request.htmx.target == "rental-price":
        return render(request, "bookings/_new_price.html", {"form": form, **_held_rental(hold, form)})
    return _form_page(request, hold, form, at)


def _elsewhere(request: Request, hold: Hold) -> HttpResponse | None:
    """On to the same page in another language, or back to the dates, with all that was typed so far."""
    typed = typed_details(request.POST)
    if "language" in request.POST:
        response = see_other(request.path)
        keep_typed(response, typed, request.path)
    elif "dates" in request.POST:
        response = see_other(rental(hold.car, hold.days, hold.as_quoted)["change_url"])
        keep_typed(response, typed, reverse("cars"))
    else:
        return None
    return response


def _book(request: Request, hold: Hold, at: datetime) -> HttpResponse:
    if "price" in request.POST:
        return _new_price(request, hold, at)
    if elsewhere := _elsewhere(request, hold):
        return elsewhere
    form = _form(hold, request.POST)
    typed = typed_details(request.POST)
    if not form.is_valid():
        return _form_page(request, hold, form, at, status=422)
    if not hold.is_live(at):
        return offer_again(request, hold.car, hold.days, typed, as_of=AsOf(at, hold))
    try:
        booking = _create(request, hold, form, at)
    except HoldExpired:
        return offer_again(request, hold.car, hold.days, typed, as_of=AsOf(at, hold))
    except DatesTaken:
        return taken_page(request, hold.car, hold.days, typed, as_of=AsOf(at, hold))
    except (RulesRefused, PriceChanged, Invalid) as refusal:
        say(form, refusal)
        return _form_page(request, hold, form, at, status=422)
    except InProgress:
        return to_twin(hold, typed)
    return to_booking(hold, booking.token, pay=booking.pay_until is not None)


def _create(request: Request, hold: Hold, form: BookingForm, at: datetime) -> Booking:
    hit("booking_email", form.person.mailbox)
    asked = BookingRequest(
        car=hold.car,
        days=hold.days,
        who=form.person,
        language=(get_language() or "en")[:2],
        source=hold.source,
        details=form.details,
        hold=hold,
        agreed=Agreed.typed(request.POST),
    )
    key, what, sender = str(form.cleaned_data["key"] or hold.pk), asked.canonical, sender_of(request, hold)
    try:
        return create_booking(asked, at=at, idempotency=Idempotency.of(key, what, visitor=sender))
    except IdempotencyKeyReused:
        # An earlier click came with other details; if it booked, the hold answers with that booking.
        again = Idempotency.of(str(uuid.uuid4()), what, visitor=sender)
        return create_booking(asked, at=at, idempotency=again)


@require_POST
@private
def hold_extension(request: Request, token: str) -> HttpResponse:
    """Keep the days once more for as long. Answers with the notice alone to htmx; else back, with what was typed."""
    at = timezone.now()
    hold = hold_for(token)
    try:
        hold = extend_hold(hold=hold, at=at)
    except HoldExpired:
        pass  # the notice says how long it lasts, or that it is over
    if request.htmx:
        response = render(request, "bookings/_hold.html", {**time_left(hold, at), "focus": True})
    else:
        response = see_other(reverse("details", args=[token]))
        keep_typed(response, typed_details(request.POST), reverse("details", args=[token]))
    remember_hold(response, hold)
    return response
