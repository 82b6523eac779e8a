"""Changing a booking: the price before and after is shown first, then it is done."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.availability.as_of import AsOf
from bookings.days import Days
from bookings.errors import BookingError, ChangedMeanwhile, DatesTaken, Invalid
from bookings.lifecycle.again import look_again
from bookings.lifecycle.change import Change, change_booking, change_within
from bookings.lifecycle.rehousing.sisters import who_has
from bookings.models import Booking
from inbox.desk import booking as booking_detail
from inbox.desk.alternatives import instead_of
from inbox.desk.language import in_any_language, only_language
from inbox.desk.rehousing.presses import after_moves, listed, moved_one, moves_in
from inbox.desk.responses import SeeOther, next_url, page_of, refused
from inbox.desk.schedule.overdue import late_by_car
from inbox.desk.words import history as booking_history
from inbox.forms.base import errors_of, show_days_refused
from inbox.forms.change import StaffChangeForm
from inbox.permissions import StaffRequest, staff_required
from inbox.views.asking import ask_again, shown_change
from inbox.views.ride_changes import ride_change


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
@in_any_language
@look_again
def change(request: StaffRequest, pk: UUID) -> HttpResponse:
    """`/staff/bookings/<uuid>/change/`. A POST shows the price; with `do` and what was shown it changes."""
    booking = booking_detail.find(pk)
    if not booking_detail.is_changeable(booking):
        if request.method == "POST":
            return refused(request, booking, Invalid(_("This can no longer be changed.")))
        return redirect(page_of(booking))
    return ride_change(request, booking) if booking.is_ride else _change(request, booking)


def _change(request: StaffRequest, booking: Booking) -> HttpResponse:
    typed = request.POST if request.method == "POST" else None
    form = StaffChangeForm(typed, booking=booking, may_override=request.staff.is_manager)
    if typed is None:
        return _page(request, booking, form)
    if form.is_valid() and form.asked.is_empty and not only_language(request):
        form.add_error(None, _("Nothing is different yet: change something first."))
    if not form.is_valid() or form.asked.is_empty:
        return _page(request, booking, form, status=422 if form.errors else 200)
    try:
        return _preview_or_do(request, booking, form)
    except ChangedMeanwhile:
        raise
    except BookingError as refusal:
        show_days_refused(form, refusal)
        more = {"instead": instead_of(refusal, as_of=AsOf.by_asker(timezone.now(), booking))}
        if isinstance(refusal, DatesTaken):
            more |= _in_the_way(booking, form)
        return _page(request, booking, form, more, status=refusal.status)


def _preview_or_do(request: StaffRequest, booking: Booking, form: StaffChangeForm) -> HttpResponse:
    wants = "do" in request.POST
    moved_one(request)
    seen = _changed(request, booking, form, preview=True)
    if wants and constant_time_compare(request.POST.get("agreed", ""), seen.consent):
        done = _changed(request, booking, form)
        words = {"name": booking.full_name, "difference": booking_history.signed(done.difference)}
        messages.success(request, _("The booking of %(name)s is changed: %(difference)s.") % words)
        return SeeOther(next_url(request, page_of(booking)))
    if wants:
        ask_again(request, form, seen)
    more = _shown(booking, seen) | {"moves": moves_in(request.POST)}
    return _page(request, booking, form, more, status=422 if wants else 200)


def _changed(
    request: StaffRequest, booking: Booking, form: StaffChangeForm, *, preview: bool = False
) -> Change:
    """The change itself, or a look at it, after the bookings in its way have moved."""
    what: dict[str, Any] = {"booking": booking, "to": form.asked, "at": timezone.now(), "preview": preview}
    if not moves_in(request.POST):
        return change_booking(**what)
    car = form.asked.car or booking.car
    return after_moves(request, partial(change_within, **what), on=[booking.car_id, car.pk], preview=preview)


def _in_the_way(booking: Booking, form: StaffChangeForm) -> dict[str, Any]:
    """Who else has days that it would need, with the other cars that they could have."""
    car, days = form.asked.car or booking.car, form.asked.days or booking.days
    since = booking.car_since if booking.handed_over_at else days.start
    others = who_has([car.pk], Days(since, days.end).with_buffer(car.buffer)).exclude(pk=booking.pk)
    found = listed(others, timezone.now(), avoiding=[car.pk])
    return {"in_the_way": found, "move_all": _("Move all and show the new price")}


def _shown(booking: Booking, seen: Change) -> dict[str, Any]:
    """The same, and who still has the car."""
    return {**shown_change(booking, seen), "late": _still_out(booking, seen.booking)}


def _still_out(booking: Booking, changed: Booking) -> Booking | None:
    """Who has the other car that it would get, when that should be back."""
    if changed.car_id == booking.car_id:
        return None
    return late_by_car(timezone.now(), [changed.car_id]).get(changed.car_id)


def _page(
    request: StaffRequest,
    booking: Booking,
    form: StaffChangeForm,
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
    return render(request, "inbox/change.html", context | (more or {}), status=status)
