"""The details page of a held ride: who is driven, from where to where; its post makes the booking."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bookings.availability.rides.chosen import of_hold
from bookings.errors import (
    DatesTaken,
    HoldExpired,
    IdempotencyKeyReused,
    InProgress,
    Invalid,
    PriceChanged,
    RulesRefused,
)
from bookings.forms.details import typed_details
from bookings.forms.ride_details import HeldRideForm
from bookings.lifecycle.idempotency import Idempotency
from bookings.lifecycle.pricing.agreed import Agreed
from bookings.lifecycle.request import Person
from bookings.lifecycle.rides.create import book_ride
from bookings.lifecycle.rides.price import price_of
from bookings.lifecycle.rides.request import RideDetails, RideRequest
from bookings.models import Booking, Hold
from bookings.views.cookies import keep_typed, kept_typed
from bookings.views.decorators import see_other
from bookings.views.held import say, time_left, to_booking, to_twin
from bookings.views.rides.held import choice_url, ride_context
from bookings.visitors import sender_of
from exodrive.http.request import Request
from exodrive.limits.rates import hit


def held_ride(request: Request, hold: Hold, at: datetime) -> HttpResponse:
    """The form; when the hold is over, back to the choice, with all that was typed."""
    typed = kept_typed(request)
    if not hold.is_live(at):
        return _choose_again(hold, typed, request)
    return _page(request, hold, _form(hold, typed=typed), at)


def book_held_ride(request: Request, hold: Hold, at: datetime) -> HttpResponse:
    """Make the booking and lead to its page; or show what it costs with the wishes typed so far."""
    typed = typed_details(request.POST)
    if "price" in request.POST:
        form = _form(hold, typed=typed)
        if request.htmx.target == "rental-price":
            return render(request, "bookings/_new_price.html", {"form": form, **_priced(hold, form, at)})
        return _page(request, hold, form, at)
    if "language" in request.POST:
        response = see_other(request.path)
        keep_typed(response, typed, request.path)
        return response
    if "dates" in request.POST or not hold.is_live(at):
        return _choose_again(hold, typed, request)
    form = _form(hold, request.POST)
    if not form.is_valid():
        return _page(request, hold, form, at, status=422)
    try:
        booking = _create(request, hold, form, at)
    except (HoldExpired, DatesTaken):
        return _choose_again(hold, typed, request)
    except (RulesRefused, PriceChanged, Invalid) as refusal:
        say(form, refusal)
        return _page(request, hold, form, at, status=422)
    except InProgress:
        return to_twin(hold, typed)
    return to_booking(hold, booking.token, pay=booking.pay_until is not None)


def _form(hold: Hold, data: Any = None, typed: dict[str, str] | None = None) -> HeldRideForm:
    wish, options = of_hold(hold)
    return HeldRideForm(data, wish=wish, options=options, initial=typed)


def _page(request: Request, hold: Hold, form: HeldRideForm, at: datetime, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "errors": form.summary if form.is_bound else [],
        "typed_form": "details",
        "ride": ride_context(*of_hold(hold)),
        **_priced(hold, form, at),
        **time_left(hold, at),
    }
    return render(request, "bookings/ride_details.html", context, status=status)


def _priced(hold: Hold, form: HeldRideForm, at: datetime) -> dict[str, Any]:
    """The price as held with the extras as typed, and what stands in the form for having seen it."""
    wish, options = of_hold(hold)
    asked = RideRequest(wish, options, Person("", ""), RideDetails(extras=form.counted), hold=hold)
    price = price_of(asked, at)
    return {"quote": price, "agreed": Agreed.of(price), "car": hold.car}


def _create(request: Request, hold: Hold, form: HeldRideForm, at: datetime) -> Booking:
    hit("booking_email", form.person.mailbox)
    wish, options = of_hold(hold)
    asked = RideRequest(
        wish,
        options,
        form.person,
        form.details,
        language=(get_language() or "en")[:2],
        source=hold.source,
        hold=hold,
        agreed=Agreed.typed(request.POST),
    )
    key, what, sender = str(form.cleaned_data["key"] or hold.pk), asked.canonical, sender_of(request, hold)
    try:
        return book_ride(asked, at=at, idempotency=Idempotency.of(key, what, visitor=sender))
    except IdempotencyKeyReused:
        # An earlier click came with other details; if it booked, the hold answers with that booking.
        again = Idempotency.of(str(uuid.uuid4()), what, visitor=sender)
        return book_ride(asked, at=at, idempotency=again)


def _choose_again(hold: Hold, typed: dict[str, str], request: Request) -> HttpResponse:
    """To the service with the same wish, which says whether it is free; what was typed comes along when it is held anew."""
    if "dates" not in request.POST:
        messages.warning(request, _("We no longer hold this ride for you. Look whether it is still free."))
    response = see_other(choice_url(*of_hold(hold)))
    keep_typed(response, typed, reverse("services"))
    return response
