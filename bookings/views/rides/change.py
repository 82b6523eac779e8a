"""Changing a ride on its own page: what costs nothing is saved at once, another time is priced first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from bookings.availability.rides.instead import other_times
from bookings.errors import DatesTaken, Forbidden, Invalid, PriceChanged, RulesRefused, StatusChanged
from bookings.forms.base import show_refusal
from bookings.forms.change import in_words
from bookings.forms.ride_change import RideChangeForm
from bookings.lifecycle.change import Change
from bookings.lifecycle.pricing.agreed import Agreed
from bookings.lifecycle.rides.change import change_ride
from bookings.lifecycle.rides.change_limits import (
    changeable_until,
    is_by_the_head,
    may_move,
    may_tell_driver,
)
from bookings.models import Booking
from bookings.ridden import local, ride_of
from bookings.views.booking import rental_of
from bookings.views.booking_text import cancelling
from bookings.views.decorators import see_other
from bookings.views.rides.choice import begins_of
from exodrive.http.request import Request
from exodrive.i18n.formats import clock, day, instant, money


@dataclass(frozen=True, slots=True)
class Choice:
    """Another time that can be had: what is sent for it, and in words."""

    value: str
    label: str
    note: str


def ride_change(request: Request, found: Booking, token: str, at: datetime) -> HttpResponse:
    """GET shows the ride as it is; POST saves it, or prices another time, and with consent to that price makes it."""
    ride = ride_of(found)
    if not may_tell_driver(found, ride, at):
        return redirect("booking", token=token)
    typed = request.POST if request.method == "POST" else None
    form = RideChangeForm(
        typed, booking=found, moves=may_move(found, ride, at), counts=not is_by_the_head(found)
    )
    if typed is None:
        return _page(request, form, token, at)
    if not form.is_valid():
        return _page(request, form, token, at, status=422)
    if "language" in typed:
        return _page(request, form, token, at)
    try:
        return _save_or_price(request, form, token, at)
    except (DatesTaken, RulesRefused) as refusal:
        others = _instead(form, at)
        form.refuse(refusal.details["reasons"])
        return _page(request, form, token, at, status=refusal.status, instead=others)
    except (Invalid, Forbidden, StatusChanged) as refusal:
        show_refusal(form, refusal)
        return _page(request, form, token, at, status=refusal.status)


def _save_or_price(request: Request, form: RideChangeForm, token: str, at: datetime) -> HttpResponse:
    asked, pressed = form.asked, request.POST.keys()
    if asked.is_empty and "change" in pressed:
        return _done(request, token)  # pressed twice: it is as it was to become
    if not asked.reprices and not {"price", "take"} & pressed:
        change_ride(booking=form.booking, to=asked, at=at)
        return _done(request, token)
    seen = change_ride(booking=form.booking, to=asked, at=at, preview=True)
    if "change" not in pressed:
        return _page(request, form, token, at, **_priced(form, seen, at))
    if constant_time_compare(request.POST.get("seen", ""), seen.consent):
        change_ride(booking=form.booking, to=asked, at=at)
        return _done(request, token)
    _ask_again(request, form, seen)
    return _page(request, form, token, at, status=422, **_priced(form, seen, at))


def _done(request: Request, token: str) -> HttpResponse:
    messages.success(request, _("Your changes are saved."))
    return see_other(reverse("booking", args=[token]))


def _ask_again(request: Request, form: RideChangeForm, seen: Change) -> None:
    """No price was looked at, or it is another by now."""
    if request.POST.get("seen"):
        show_refusal(form, PriceChanged(was=Agreed.typed(request.POST, "shown"), now=seen.after))
    else:
        form.add_error(None, _("Look at the price first, then change the booking."))


def _instead(form: RideChangeForm, at: datetime) -> list[Choice]:
    """Times near the one asked for at which it can be had."""
    if not form.asked.moves:
        return []
    return [
        Choice(f"{other.wish.begins:%Y-%m-%dT%H:%M}", begins_of(other.wish), money(other.quote.total))
        for other in other_times(form.booking, form.asked.wish(form.ride), at)
    ]


def _priced(form: RideChangeForm, seen: Change, at: datetime) -> dict[str, Any]:
    free_until = seen.booking.free_cancellation_until
    return {
        "change": seen,
        "nothing": form.asked.is_empty,
        "was": _when(*form.at_place),
        "becomes": _when(*local(ride_of(seen.booking))),
        "difference": in_words(seen),
        "cancelling": cancelling(seen.booking, free_until, at) if free_until else "",
        "seen": seen.consent,
        "shown": Agreed.of(seen.after),
    }


def _when(begins: datetime, ends: datetime) -> str:
    """ "Thu 11 Mar, 16:30 – 18:30"."""
    until = clock(ends) if begins.date() == ends.date() else f"{day(ends.date())}, {clock(ends)}"
    return f"{day(begins.date())}, {clock(begins)} – {until}"


def _page(
    request: Request, form: RideChangeForm, token: str, at: datetime, *, status: int = 200, **more: Any
) -> HttpResponse:
    found = form.booking
    context = {
        **rental_of(found, token),
        "form": form,
        "errors": form.summary if form.is_bound else [],
        "typed_form": "change",
        "until": instant(changeable_until(found, form.ride), found.pick_up.zone),
        "phone": found.pick_up.number,
    }
    return render(request, "bookings/ride_change.html", context | more, status=status)
