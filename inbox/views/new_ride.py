"""A ride by hand, through the same verb as everybody's: which service and when, and for whom."""

import secrets
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


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
@in_any_language
def new_ride(request: StaffRequest) -> HttpResponse:
    """`/staff/rides/new/?service=&day=&time=`. Answers with price and reasons alone for htmx, unless the service changes."""
    at, typed = timezone.now(), _typed(request)
    services = list(offered_rides())
    service = next((one for one in services if one.slug == typed.get("service")), None) or next(
        iter(services), None
    )
    if service is None:
        return render(
            request, "inbox/new_ride.html", {"title": _("New ride"), "section": "calendar"}, status=404
        )
    looks = request.method != "POST" or LOOKS & request.POST.keys() or only_language(request) or request.htmx
    choice = choice_of(Offer.of(service), typed, at, hold=None, pressed=not looks, form_class=StaffRideForm)
    if looks:
        start = {**typed, "key": typed.get("key") or secrets.token_urlsafe(16)}
        form = NewRideForm(choice=choice, may_override=request.staff.is_manager, initial=start)
        return _page(request, services, choice, form, typed)
    form = NewRideForm(request.POST, choice=choice, may_override=request.staff.is_manager)
    if not form.is_valid() or choice.wish is None:
        return _page(request, services, choice, form, typed, status=422)
    try:
        booking = _create(request, form, at)
    except BookingError as refusal:
        _say(choice, form, refusal, at)
        return _page(request, services, choice, form, typed, status=refusal.status)
    messages.success(request, said_of(booking))
    return SeeOther(page_of(booking))


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


def _page(
    request: StaffRequest,
    services: list[Service],
    choice: RideChoice,
    form: NewRideForm,
    typed: dict[str, str],
    status: int = 200,
) -> HttpResponse:
    quote = choice.answer.quote if choice.answer else None
    context: dict[str, Any] = {
        "services": services,
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
    if request.htmx and request.htmx.target != "typed":
        return render(request, "inbox/_new_ride_live.html", context | {"oob": True})
    context |= {"typed_form": "typed", "enter": "show", "section": "calendar", "title": _("New ride")}
    return render(request, "inbox/new_ride.html", context, status=status)
