"""Changing a booking on its own page: first the new price, then the change."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.availability import ledger, rules
from bookings.availability.alternatives import with_alternatives
from bookings.availability.as_of import AsOf
from bookings.availability.rules import Now
from bookings.days import Days
from bookings.errors import (
    BookingError,
    DatesTaken,
    Forbidden,
    Invalid,
    NotFound,
    PriceChanged,
    RulesRefused,
    StatusChanged,
)
from bookings.forms.base import show_refusal
from bookings.forms.change import ChangeForm, RequestsForm, in_words
from bookings.lifecycle.again import look_again
from bookings.lifecycle.change import CHANGEABLE, Change, change_booking, change_until
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.pricing.agreed import Agreed
from bookings.links.lookup import booking_for
from bookings.models import Booking
from bookings.views.booking import gone
from bookings.views.booking_text import total_label
from bookings.views.car import for_script
from bookings.views.date_selection import DateSelection, choice_from, typed_date, typed_month, window_of
from bookings.views.decorators import see_other
from bookings.views.pin import pin_protected
from bookings.views.rides.change import ride_change
from exodrive.http.request import Request


@require_http_methods(["GET", "HEAD", "POST"])
@pin_protected
@look_again
def booking_change(request: Request, token: str) -> HttpResponse:
    """GET shows the booking as it is; POST prices a change, in any language, and with consent to that price makes it.

    After the cut-off only phone number and special requests can be changed here.
    """
    at = timezone.now()
    try:
        found = booking_for(token)
    except NotFound:
        return gone(request)
    if found.status not in CHANGEABLE:
        return redirect("booking", token=token)
    if found.is_ride:
        return ride_change(request, found, token, at)
    if at > change_until(found):
        return _late(request, found, token, at)
    if request.method != "POST":
        return _page(request, found, token, at, form=ChangeForm(booking=found), nudges=_nudges(found, at))
    return _price_or_change(request, found, token, at)


def _late(request: Request, found: Booking, token: str, at: datetime) -> HttpResponse:
    form = RequestsForm(request.POST if request.method == "POST" else None, booking=found)
    if request.method != "POST" or "language" in request.POST or not form.is_valid():
        status = 422 if form.errors else 200
        return _page(request, found, token, at, form=form, late=True, status=status)
    change_booking(booking=found, to=form.asked, at=at)
    return _done(request, token)


def _done(request: Request, token: str) -> HttpResponse:
    messages.success(request, _("Your changes are saved."))
    return see_other(reverse("booking", args=[token]))


def _price_or_change(request: Request, found: Booking, token: str, at: datetime) -> HttpResponse:
    if {"pick", "month"} & request.POST.keys() or request.htmx.target == "calendar":
        return _in_calendar(request, found, token, at)
    form = ChangeForm(request.POST, booking=found)
    if not form.is_valid():
        return _page(request, found, token, at, form=form, status=422)
    try:
        change = _change(form, at, preview=True)
        if "change" in request.POST and constant_time_compare(request.POST.get("seen", ""), change.consent):
            _change(form, at)
            return _done(request, token)
    except (DatesTaken, RulesRefused) as refusal:
        reasons = [reason.message for reason in refusal.details["reasons"]]
        others = [other for other in refusal.details["alternatives"] if form.can_take(other)]
        refused = {"problems": reasons, "instead": others, "errors": [("start", words) for words in reasons]}
        return _page(request, found, token, at, form=form, status=refusal.status, **refused)
    except (Invalid, Forbidden, StatusChanged) as refusal:
        show_refusal(form, refusal)
        return _page(request, found, token, at, form=form, status=refusal.status)
    status = 200
    if "change" in request.POST:
        _ask_again(request, form, change)
        status = 422
    return _page(request, found, token, at, form=form, status=status, **_priced(form, change))


@dataclass(frozen=True, slots=True)
class Nudge:
    """A change of one press: other days of the same car, in words, with what they do to the price."""

    label: str
    days: Days
    words: str


def _nudges(found: Booking, at: datetime) -> list[Nudge]:
    """The return a day later or a day earlier, as far as that can be had."""
    labels = {1: _("+1 day"), -1: _("\N{MINUS SIGN}1 day")}
    ends = {by: found.end_date + timedelta(days=by) for by in labels}
    others = {by: Days(found.start_date, end) for by, end in ends.items() if end >= found.start_date}
    nudges = []
    for by, days in others.items():
        if ledger.reasons(found.car, days, as_of=AsOf(at, found), drop_off=found.drop_off):
            continue
        with suppress(BookingError):
            change = change_booking(booking=found, to=ChangeRequest(days=days), at=at, preview=True)
            nudges.append(Nudge(labels[by], days, in_words(change)))
    return nudges


def _in_calendar(request: Request, found: Booking, token: str, at: datetime) -> HttpResponse:
    """Another month, or a day that was pressed, with all that was typed: nothing is checked or priced yet."""
    if request.htmx.target == "calendar":
        return render(request, "cars/_calendar.html", _calendar(found, token, request.POST, at))
    typed = request.POST.copy()
    choice = _choice(found, typed, at)
    for name in ("start", "end"):
        day = getattr(choice, name)
        typed[name] = day.isoformat() if day else ""
    form = ChangeForm(typed, booking=found)
    return _page(request, found, token, at, form=form, errors=[], **_calendar(found, token, typed, at))


def _choice(found: Booking, typed: Mapping[str, Any], at: datetime) -> DateSelection:
    """The days typed or pressed, on the booked car; its own days are free for it."""
    as_of = AsOf(at, found)
    window = window_of(found.car, as_of=as_of)
    if "pick" in typed:
        return choice_from(typed, found.car, window, as_of=as_of)
    start, end = typed_date(typed.get("start")), typed_date(typed.get("end"))
    view = typed_month(typed.get("month")) or typed_month(typed.get("view"))
    return DateSelection(found.car, window, start=start, end=end, view=view)


def _calendar(found: Booking, token: str, typed: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    choice = _choice(found, {name: typed[name] for name in typed if name != "pick"}, at)
    return {
        "car": found.car,
        "calendar": choice.calendar,
        "hint": "" if choice.days else choice.hint,
        "post_to": reverse("booking_change", args=[token]),
        **for_script(choice),
    }


def _ask_again(request: Request, form: ChangeForm, change: Change) -> None:
    """No price was looked at, or it is another by now."""
    if request.POST.get("seen"):
        show_refusal(form, PriceChanged(was=Agreed.typed(request.POST, "shown"), now=change.after))
    else:
        form.add_error(None, _("Look at the price first, then change the booking."))


def _change(form: ChangeForm, at: datetime, *, preview: bool = False) -> Change:
    booking = form.booking
    with with_alternatives(as_of=AsOf(at, booking), pricing=form.pricing):
        return change_booking(booking=booking, to=form.asked, at=at, preview=preview)


def _priced(form: ChangeForm, change: Change) -> dict[str, Any]:
    return {
        "change": change,
        "difference": in_words(change),
        "seen": change.consent,
        "shown": Agreed.of(change.after),
        "nothing": form.asked.is_empty,
    }


def _page(
    request: Request,
    found: Booking,
    token: str,
    at: datetime,
    *,
    form: ChangeForm | RequestsForm,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = _context(found, token, at) | {
        "form": form,
        "errors": form.summary if form.is_bound else [],
        "start": getattr(form, "typed_start", ""),
        "end": getattr(form, "typed_end", ""),
    }
    if isinstance(form, ChangeForm) and "calendar" not in more:
        context |= _calendar(found, token, {"start": form.typed_start, "end": form.typed_end}, at)
    context |= more
    return render(request, "bookings/change.html", context, status=status)


def _context(found: Booking, token: str, at: datetime) -> dict[str, Any]:
    """The booking as it is, and what can be chosen for it."""
    now = Now.of(found.pick_up, at)
    return {
        "booking": found,
        "token": token,
        "typed_form": "change",
        "car": found.car,
        "days": found.days,
        "quote": found.as_quoted,
        "opens": found.pickup_time,
        "closes": found.return_time,
        "first": now.today,
        "last": rules.last_bookable_day(found.car, now),
        "until": change_until(found),
        "phone": found.pick_up.number,
        "total_label": total_label(found),
    }
