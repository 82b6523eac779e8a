"""A ride by hand, through the same verb as everybody's: which service and when, and for whom."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.availability.rides.offer import Offer, Other
from bookings.errors import BookingError
from bookings.forms.base import show_refusal
from bookings.lifecycle.idempotency import Idempotency
from bookings.lifecycle.pricing.agreed import Agreed
from bookings.lifecycle.rides.create import book_ride
from bookings.models import Booking
from bookings.views.rides.choice import RideChoice, begins_of, choice_of
from cars.models import Service, offered_rides
from exodrive.i18n.formats import money
from inbox.desk.known import contact_of, known_customers, marks_on_typed
from inbox.desk.language import in_any_language, only_language
from inbox.desk.responses import SeeOther, page_of
from inbox.desk.words.made import said_of
from inbox.forms.base import errors_of
from inbox.forms.new_ride import NewRideForm, StaffRideForm
from inbox.permissions import StaffRequest, staff_required

# Presses that only look again: everything typed stays, and nothing is booked.
LOOKS = {"show", "instead", "known"}


@dataclass(frozen=True)
class _Asked:
    """What is on the page: the services, the wish so far, and for whom."""

    services: list[Service]
    choice: RideChoice
    form: NewRideForm
    typed: dict[str, str]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
@in_any_language
def new_ride(request: StaffRequest) -> HttpResponse:
    """`/staff/rides/new/?service=&day=&time=`. Answers with price and reasons alone for htmx, unless the service changes."""
    at = timezone.now()
    looks = request.method != "POST" or LOOKS & request.POST.keys() or only_language(request) or request.htmx
    asked = _read(request, at, looks=bool(looks))
    if asked is None:
        context = {"title": _("New ride"), "section": "calendar"}
        return render(request, "inbox/new_ride.html", context, status=404)
    if looks:
        return _page(request, asked)
    if not asked.form.is_valid() or asked.choice.wish is None:
        return _page(request, asked, status=422)
    try:
        booking = _create(request, asked.form, at)
    except BookingError as refusal:
        _say(asked.choice, asked.form, refusal, at)
        return _page(request, asked, status=refusal.status)
    messages.success(request, said_of(booking))
    return SeeOther(page_of(booking))


def _read(request: StaffRequest, at: datetime, *, looks: bool) -> _Asked | None:
    """The forms as typed, of the service chosen or the first one; None where none is offered."""
    typed, services = _typed(request), list(offered_rides())
    if not services:
        return None
    service = next((one for one in services if one.slug == typed.get("service")), services[0])
    choice = choice_of(Offer.of(service), typed, at, hold=None, pressed=not looks, form_class=StaffRideForm)
    may_override = request.staff.is_manager
    if looks:
        start = {**typed, "key": typed.get("key") or secrets.token_urlsafe(16)}
        form = NewRideForm(choice=choice, may_override=may_override, initial=start)
    else:
        form = NewRideForm(request.POST, choice=choice, may_override=may_override)
    return _Asked(services, choice, form, typed)


def _create(request: StaffRequest, form: NewRideForm, at: datetime) -> Booking:
    asked = form.asked
    key = Idempotency.of(form.cleaned_data["key"], asked.canonical, user_id=request.staff.pk)
    return book_ride(asked, at=at, idempotency=key)


def _say(choice: RideChoice, form: NewRideForm, refusal: BookingError, at: datetime) -> None:
    """Rules and taken hours beside the time, with what can be had instead; everything else where it belongs."""
    reasons = refusal.details.get("reasons")
    if not reasons:
        show_refusal(form, refusal)
        return
    choice.refuse(reasons, at, None)
    for reason in reasons:
        choice.form.add_error("time", str(reason.message))


def _typed(request: StaffRequest) -> dict[str, str]:
    """Everything typed so far, with what was pressed in place of what was typed."""
    typed = {name: str(value) for name, value in (request.POST or request.GET).items() if value}
    parts = typed.pop("instead", "").split("/")
    if len(parts) == 3:
        typed |= {"class": parts[0], "day": parts[1], "time": parts[2]}
    if known := contact_of(typed.pop("known", "")):
        typed = {name: value for name, value in typed.items() if name != "who"} | known
    return {"language": get_language() or "en", **typed}


def _pressed(other: Other) -> tuple[str, str]:
    """Value and words of its button."""
    wish = other.wish
    value = f"{wish.car_class.pk}/{wish.begins.date().isoformat()}/{wish.begins:%H:%M}"
    return value, f"{wish.car_class.text}, {begins_of(wish)} · {money(other.quote.total)}"


def _page(request: StaffRequest, asked: _Asked, status: int = 200) -> HttpResponse:
    context = _context(asked)
    if request.htmx and request.htmx.target != "typed":
        return render(request, "inbox/_new_ride_live.html", context | {"oob": True})
    context |= {"typed_form": "typed", "enter": "show", "section": "calendar", "title": _("New ride")}
    return render(request, "inbox/new_ride.html", context, status=status)


def _context(asked: _Asked) -> dict[str, Any]:
    choice, form, typed = asked.choice, asked.form, asked.typed
    quote = choice.answer.quote if choice.answer else None
    return {
        "services": asked.services,
        "choice": choice,
        "ride_form": choice.form,
        "form": form,
        "typed": typed,
        "quote": quote,
        "agreed": Agreed.of(quote) if quote else "",
        "begins": begins_of(choice.wish) if choice.wish else "",
        "instead": [_pressed(one) for one in choice.answer.instead] if choice.answer else [],
        "known": known_customers(typed.get("who", "").strip()),
        "marks": marks_on_typed(typed),
        "errors": [*errors_of(choice.form), *errors_of(form)] if form.is_bound else [],
    }
