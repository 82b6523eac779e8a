"""A booking by hand, through the same verb as everybody's: when and where, one of the free cars, and for whom."""

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.availability.as_of import AsOf
from bookings.errors import BookingError, PriceChanged
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.idempotency import Idempotency
from bookings.lifecycle.pricing.adjusting import Adjustment
from bookings.lifecycle.pricing.agreed import Agreed
from bookings.models import Booking
from inbox.desk import offers
from inbox.desk.alternatives import instead, instead_of
from inbox.desk.known import contact_of, known_customers, marks_on_typed
from inbox.desk.language import in_any_language, only_language
from inbox.desk.offers import Wanted
from inbox.desk.responses import SeeOther, page_of
from inbox.desk.schedule.overdue import late_by_car
from inbox.desk.words.made import said_of
from inbox.forms.adjustment import AdjustmentForm
from inbox.forms.base import errors_of, show_days_refused
from inbox.forms.new_booking import NewBookingForm
from inbox.permissions import StaffRequest, staff_required

# Presses that only look again: everything typed stays, and nothing is booked.
LOOKS = {"show", "instead", "known", "page"}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
@in_any_language
def new_booking(request: StaffRequest) -> HttpResponse:
    """`/staff/bookings/new/?car=&start=&end=`. Answers with the cars, the price and who is known alone, for htmx."""
    at, typed = timezone.now(), _typed(request)
    wanted = Wanted.read(typed, may_override=request.staff.is_manager, adjustment=_adjustment(request, typed))
    looks = request.method != "POST" or LOOKS & request.POST.keys() or only_language(request) or request.htmx
    if looks:
        form = _form(request, wanted, initial=typed | {"key": typed.get("key") or secrets.token_urlsafe(16)})
        return _page(request, form, _context(typed, wanted, at))
    form = _form(request, wanted, request.POST)
    if not form.is_valid():
        return _page(request, form, _context(typed, wanted, at), status=422)
    try:
        booking = _create(request, form, at)
    except BookingError as refusal:
        return _refused(request, form, refusal, _context(typed, wanted, at))
    messages.success(request, said_of(booking))
    return SeeOther(page_of(booking))


def _adjustment(request: StaffRequest, typed: dict[str, str]) -> Adjustment | None:
    form = AdjustmentForm(typed)
    return form.adjustment if request.staff.is_manager and form.is_valid() else None


def _form(request: StaffRequest, wanted: Wanted, data: Any = None, **more: Any) -> NewBookingForm:
    return NewBookingForm(data, extras=wanted.extras, may_override=request.staff.is_manager, **more)


def _create(request: StaffRequest, form: NewBookingForm, at: datetime) -> Booking:
    asked, key = form.asked, form.cleaned_data["key"]
    # By its price in the list, which stands there without a script, too.
    agreed = Agreed.typed(request.POST, f"agreed_{asked.car.pk}") or Agreed.typed(request.POST)
    asked = replace(asked, agreed=agreed)
    return create_booking(
        asked, at=at, idempotency=Idempotency.of(key, asked.canonical, user_id=request.staff.pk)
    )


def _refused(
    request: StaffRequest, form: NewBookingForm, refusal: BookingError, context: dict[str, Any]
) -> HttpResponse:
    show_days_refused(form, refusal)
    if isinstance(refusal, PriceChanged):
        return _page(request, form, context, status=422)
    free = instead_of(refusal, as_of=AsOf.by_asker(timezone.now()))
    context["offer"] = {**context["offer"], "against": [], "instead": free}
    return _page(request, form, context, status=refusal.status)


def _typed(request: StaffRequest) -> dict[str, str]:
    """From the calendar's link, or everything typed so far, with what was pressed in place of what was typed."""
    typed = {name: str(value) for name, value in (request.POST or request.GET).items() if value}
    parts = typed.pop("instead", "").split("/")
    if len(parts) == 3:
        typed |= {"car": parts[0], "start": parts[1], "end": parts[2]}
    if known := contact_of(typed.pop("known", "")):
        typed = {name: value for name, value in typed.items() if name != "who"} | known
    if "start" in typed:
        typed.setdefault("end", typed["start"])
    elif request.method != "POST" and (days := offers.first_days(timezone.now())):
        typed |= {"start": days.start.isoformat(), "end": days.end.isoformat()}
    return {"language": get_language() or "en", **typed}


def _context(typed: dict[str, str], wanted: Wanted, at: datetime) -> dict[str, Any]:
    return {
        "typed": typed,
        "wanted": wanted,
        "cars": offers.cars_for(wanted, at),
        "offer": _offer(wanted, at),
        "known": known_customers(typed.get("who", "").strip()),
        "marks": marks_on_typed(typed),
        "fleets": offers.fleets(),
        "seats": offers.SEATS,
    }


def _offer(wanted: Wanted, at: datetime) -> dict[str, Any]:
    """Price and reasons against, once a car and days are chosen."""
    found = offers.chosen(wanted, at)
    if found is None or wanted.days is None:
        return {}
    car, days = found.car, wanted.days
    offer = {"car": car, "days": days, "quote": found.quote, "agreed": Agreed.of(found.quote)}
    other = instead(car, days, as_of=AsOf.by_asker(at)) if found.against else []
    late = late_by_car(at, [car.pk]).get(car.pk)
    return offer | {"against": found.against, "instead": other, "late": late}


def _page(
    request: StaffRequest, form: NewBookingForm, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    context |= {"form": form, "errors": errors_of(form) if form.is_bound else []}
    if request.htmx:
        return render(request, "inbox/_new_booking_live.html", context | {"oob": True})
    context |= {"typed_form": "typed", "enter": "show", "section": "calendar", "title": _("New booking")}
    return render(request, "inbox/new_booking.html", context, status=status)
