"""The form of an act on a booking, beside the list or on a page of its own."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from bookings.errors import PriceChanged
from bookings.forms.base import show_refusal
from bookings.lifecycle.change import Change
from bookings.lifecycle.pricing.agreed import Agreed
from bookings.models import Booking
from inbox.desk.responses import next_url, page_of
from inbox.desk.words import history as booking_history
from inbox.forms.base import Plain, errors_of
from inbox.permissions import StaffRequest


def ask(
    request: StaffRequest, booking: Booking, name: str, form: Plain, *, status: int = 0, **more: Any
) -> HttpResponse:
    """An act's form, in the panel or on its own page; 422 when it was sent."""
    back = next_url(request, page_of(booking))
    context = {
        "booking": booking,
        "form": form,
        "errors": errors_of(form) if form.is_bound else [],
        # The status that the reader saw, also when the form comes back with errors after someone else moved it.
        "from_status": request.POST.get("from") or booking.status,
        "next_url": back,
        # In the panel the way back is the booking itself, beside the same list.
        "back_url": f"{back}&booking={booking.pk}" if request.htmx else back,
        "section": "inbox",
        "live": bool(request.htmx),
        **more,
    }
    part = "_" if request.htmx else ""
    status = status or (422 if form.is_bound else 200)
    return render(request, f"inbox/{part}{name}.html", context, status=status)


def ask_again(request: StaffRequest, form: forms.Form, seen: Change) -> None:
    """What was agreed to is not what the change would be by now."""
    shown = Agreed.typed(request.POST, "shown")
    if shown and shown.total and not shown.covers(seen.after):
        show_refusal(form, PriceChanged(was=shown, now=seen.after))
    else:
        form.add_error(None, _("This is not what you saw before. Look at it again."))


def shown_change(booking: Booking, seen: Change) -> dict[str, Any]:
    """What a change would make different, in words, and what stands for it."""
    before = booking_history.words_of(booking, seen.had)
    after = booking_history.words_of(seen.booking, seen.extras)
    return {
        "change": seen,
        "differences": booking_history.differences(before, after),
        "difference": booking_history.signed(seen.difference),
        "agreed": seen.consent,
        "shown": Agreed.of(seen.after),
    }
