"""Changing a booking: the price before and after is shown first, then it is done."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.api.types import DIGITS
from bookings.availability.as_of import AsOf
from bookings.errors import BookingError, DatesTaken, Invalid, RulesRefused
from bookings.forms.change import FIELDS
from bookings.lifecycle.change import Change, change_booking
from bookings.models import Booking
from cars.models import Car
from inbox.desk import booking as booking_detail
from inbox.desk import history as booking_history
from inbox.desk.alternatives import instead
from inbox.desk.responses import SeeOther, next_url, page_of, refused
from inbox.forms.base import errors_of
from inbox.forms.change import ChangeForm
from inbox.permissions import StaffRequest, staff_required


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def change(request: StaffRequest, pk: UUID) -> HttpResponse:
    """`/staff/bookings/<uuid>/change/`. A POST shows the price; with `do` and what was shown it changes."""
    booking, may_override = booking_detail.find(pk), request.staff.is_manager
    if not booking_detail.is_changeable(booking):
        if request.method == "POST":
            return refused(request, booking, Invalid(_("This can no longer be changed.")))
        return redirect(page_of(booking))
    if request.method != "POST":
        return _page(request, booking, ChangeForm(booking, may_override=may_override))
    form = ChangeForm(booking, _typed(request, booking), may_override=may_override)
    if not form.is_valid():
        return _page(request, booking, form, status=422)
    if not form.changes():
        form.add_error(None, _("Nothing is different yet: change something first."))
        return _page(request, booking, form, status=422)
    try:
        return _preview_or_do(request, booking, form)
    except BookingError as refusal:
        return _refused(request, booking, form, refusal)


def _preview_or_do(request: StaffRequest, booking: Booking, form: ChangeForm) -> HttpResponse:
    what = form.changes() | {"override": form.cleaned_data["override"], "at": timezone.now()}
    seen = change_booking(booking=booking, preview=True, **what)
    agreed = _agreed(form, seen)
    if "do" in request.POST and constant_time_compare(request.POST.get("agreed", ""), agreed):
        done = change_booking(booking=booking, **what)
        words = {"name": booking.full_name, "difference": booking_history.signed(done.difference)}
        messages.success(request, _("The booking of %(name)s is changed: %(difference)s.") % words)
        return SeeOther(next_url(request, page_of(booking)))
    context = {
        "change": seen,
        "differences": booking_history.differences(
            booking_history.words_of(booking, seen.had), booking_history.words_of(seen.booking, seen.extras)
        ),
        "difference": booking_history.signed(seen.difference),
        "agreed": agreed,
        "outdated": "do" in request.POST,
    }
    return _page(request, booking, form, context, status=409 if context["outdated"] else 200)


def _agreed(form: ChangeForm, seen: Change) -> str:
    """Stands for what the reader was shown: other input, another price or a booking changed meanwhile differ."""
    values = {name: str(value) for name, value in form.cleaned_data.items()}
    was = booking_history.words_of(form.booking, seen.had)
    shown = [values, was, str(seen.before.total.amount), str(seen.after.total.amount)]
    return salted_hmac("inbox.views.changes", json.dumps(shown, sort_keys=True)).hexdigest()


def _typed(request: StaffRequest, booking: Booking) -> QueryDict:
    """What was sent, with an alternative's car and days when one was chosen."""
    typed = request.POST.copy()
    parts = typed.get("instead", "").split("/")
    if len(parts) != 3:
        return typed
    typed["car"], typed["start"], typed["end"] = parts
    if parts[0] != str(booking.car_id) and DIGITS.fullmatch(parts[0]):
        car = Car.objects.select_related("location").filter(pk=parts[0]).first()
        for name in ("pick_up", "drop_off"):
            if car and getattr(booking, name).pk == booking.car.location_id:
                typed[name] = str(car.location_id)
    return typed


def _refused(
    request: StaffRequest, booking: Booking, form: ChangeForm, refusal: BookingError
) -> HttpResponse:
    """Everything that speaks against it, and what is free instead."""
    context: dict[str, Any] = {}
    reasons = [(None, str(reason.message)) for reason in refusal.details.get("reasons", [])]
    fields = [
        (FIELDS.get(name) if FIELDS.get(name) in form.fields else None, str(text))
        for name, texts in refusal.details.get("fields", {}).items()
        for text in texts
    ]
    about_days = isinstance(refusal, DatesTaken | RulesRefused)
    for field, text in [*reasons, *fields] or [(None, str(refusal.message))]:
        form.add_error("start" if about_days else field, text)
    if about_days:
        car, days = form.cleaned_data.get("car"), form.cleaned_data.get("days")
        context["instead"] = instead(car, days, as_of=AsOf(timezone.now(), booking)) if car and days else []
    return _page(request, booking, form, context, status=refusal.status)


def _page(
    request: StaffRequest,
    booking: Booking,
    form: ChangeForm,
    more: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "booking": booking,
        "form": form,
        "errors": errors_of(form) if form.is_bound else [],
        "next_url": next_url(request, page_of(booking)),
        "back_url": next_url(request, page_of(booking)),
        "section": "inbox",
        "title": _("Change the booking of %(name)s") % {"name": booking.full_name},
    }
    return render(request, "inbox/change.html", context | (more or {}), status=status)
