"""Changing a ride: as for rentals, the price before and after is shown first, then it is done."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from bookings.availability.rides.instead import other_times
from bookings.errors import BookingError, ChangedMeanwhile, DaysRefused
from bookings.forms.base import show_refusal
from bookings.lifecycle.rides.change import change_ride
from bookings.models import Booking
from exodrive.i18n.formats import day, money
from inbox.desk.language import only_language
from inbox.desk.responses import SeeOther, next_url, page_of
from inbox.desk.words import history as booking_history
from inbox.forms.base import errors_of
from inbox.forms.ride_change import StaffRideChangeForm
from inbox.permissions import StaffRequest
from inbox.views.asking import ask_again, shown_change


def ride_change(request: StaffRequest, booking: Booking) -> HttpResponse:
    """A POST shows the price; with `do` and what was shown it changes."""
    typed = request.POST if request.method == "POST" else None
    form = StaffRideChangeForm(typed, booking=booking, may_override=request.staff.is_manager)
    if typed is None:
        return _page(request, booking, form)
    if form.is_valid() and form.asked.is_empty and not only_language(request):
        form.add_error(None, _("Nothing is different yet: change something first."))
    if not form.is_valid() or only_language(request):
        return _page(request, booking, form, status=422 if form.errors else 200)
    try:
        return _preview_or_do(request, booking, form)
    except ChangedMeanwhile:
        raise
    except DaysRefused as refusal:
        more = {"instead": _instead(form)}
        form.refuse(refusal.details["reasons"])
        return _page(request, booking, form, more, status=refusal.status)
    except BookingError as refusal:
        show_refusal(form, refusal)
        return _page(request, booking, form, status=refusal.status)


def _preview_or_do(request: StaffRequest, booking: Booking, form: StaffRideChangeForm) -> HttpResponse:
    asked, at, wants = form.asked, timezone.now(), "do" in request.POST
    seen = change_ride(booking=booking, to=asked, at=at, preview=True)
    if wants and constant_time_compare(request.POST.get("agreed", ""), seen.consent):
        done = change_ride(booking=booking, to=asked, at=at)
        words = {"name": booking.full_name, "difference": booking_history.signed(done.difference)}
        messages.success(request, _("The booking of %(name)s is changed: %(difference)s.") % words)
        return SeeOther(next_url(request, page_of(booking)))
    if wants:
        ask_again(request, form, seen)
    return _page(request, booking, form, shown_change(booking, seen), status=422 if wants else 200)


def _instead(form: StaffRideChangeForm) -> list[tuple[str, str]]:
    """What is sent for another time, and how it reads."""
    if not form.asked.moves:
        return []
    others = other_times(form.booking, form.asked.wish(form.ride), timezone.now())
    starts = [(other.wish.begins, money(other.quote.total)) for other in others]
    return [(f"{at:%Y-%m-%dT%H:%M}", f"{day(at.date())}, {at:%H:%M} · {price}") for at, price in starts]


def _page(
    request: StaffRequest,
    booking: Booking,
    form: StaffRideChangeForm,
    more: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "booking": booking,
        "form": form,
        "typed_form": "typed",
        "errors": errors_of(form) if form.is_bound else [],
        "next_url": next_url(request, page_of(booking)),
        "back_url": next_url(request, page_of(booking)),
        "section": "inbox",
        "title": _("Change the booking of %(name)s") % {"name": booking.full_name},
    }
    return render(request, "inbox/ride_change.html", context | (more or {}), status=status)
