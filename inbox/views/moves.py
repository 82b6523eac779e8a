"""Moving a booking. Every form says from which status it was sent; the verbs decide."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from bookings.errors import BookingError, Invalid, InvalidTransition
from bookings.lifecycle import transitions
from bookings.lifecycle.unproven import cancel_unproven_like
from bookings.models import Booking
from inbox.desk import actions as actions
from inbox.desk import booking as booking_detail
from inbox.desk.available_actions import CANCEL, TAKE_BACK, Action, offered
from inbox.desk.responses import booking_context, done, next_url, page_of, refused
from inbox.forms.base import Plain, errors_of
from inbox.forms.booking import CancelForm, ReturnForm
from inbox.permissions import StaffRequest, staff_required

Verb = Callable[..., Any]
Status = Booking.Status
ASK_FIRST = (Status.ACTIVE, Status.COMPLETED, Status.CANCELLED)  # hand over, take back, cancel


@require_POST
@staff_required
def transition(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Move to the status in `to`: "Mark upcoming", "Mark refunded". Other moves ask something first."""
    booking = booking_detail.row(pk)
    to = request.POST.get("to", "")
    if to in ASK_FIRST:
        return refused(request, booking, InvalidTransition())
    return _act(request, booking, transitions.transition, _said(to), to=to)


@require_POST
@staff_required
def hand_over(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The customer has the car."""
    return _act(request, booking_detail.row(pk), transitions.hand_over, _("%(name)s has the car."))


@require_POST
@staff_required
def seen(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take a booking that is past pending out of the Pending tab."""
    booking, at = booking_detail.row(pk), timezone.now()
    try:
        actions.mark_seen(booking=booking, by=request.staff, at=at)
    except BookingError as refusal:
        return refused(request, booking, refusal)
    return done(request, booking, _("%(name)s is marked as seen.") % {"name": booking.full_name})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def take_back(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The car is back: asks for the checklist, then completes the booking."""
    booking = booking_detail.row(pk)
    form = ReturnForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask(request, booking, TAKE_BACK, form)
    sentence = _("%(name)s has returned the car.")
    try:
        moved = _moved(request, booking, transitions.take_back, checklist=form.checklist)
    except Invalid as refusal:
        if form.show(refusal):
            return _ask(request, booking, TAKE_BACK, form)
        return refused(request, booking, refusal)
    except BookingError as refusal:
        return refused(request, booking, refusal)
    return done(request, moved, sentence % {"name": booking.full_name})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def cancellation(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Asks why, then cancels."""
    booking = booking_detail.row(pk)
    form = CancelForm(request.POST if request.method == "POST" else None, booking=booking)
    if not form.is_valid():
        return _ask(request, booking, CANCEL, form)
    reason = form.cleaned_data["reason"]
    said = _said(Status.CANCELLED)
    return _act(request, booking, transitions.cancel, said, reason=reason, wished=form.wished)


@require_POST
@staff_required
def cancel_unproven(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Cancel all unproven bookings of whoever made this one."""
    booking = booking_detail.row(pk)
    n = cancel_unproven_like(booking=booking, at=timezone.now())
    words = ngettext("%(n)d unproven booking is cancelled.", "%(n)d unproven bookings are cancelled.", n)
    return done(request, booking_detail.row(pk), words % {"n": n})


def _moved(request: StaffRequest, booking: Booking, verb: Verb, **what: Any) -> Booking:
    moved: Booking = verb(booking=booking, at=timezone.now(), from_=request.POST.get("from") or None, **what)
    return moved


def _act(request: StaffRequest, booking: Booking, verb: Verb, sentence: str, **what: Any) -> HttpResponse:
    try:
        moved = _moved(request, booking, verb, **what)
    except BookingError as refusal:
        return refused(request, booking, refusal)
    return done(request, moved, sentence % {"name": booking.full_name})


def _ask(request: StaffRequest, booking: Booking, act: Action, form: Plain) -> HttpResponse:
    """The act's form, in the panel or on its own page; 422 when it was sent with errors.

    Who comes too late, by an old link, gets the booking as it is now.
    """
    if not form.is_bound and act not in offered(booking, waiting=False):
        return _as_it_is(request, booking)
    name = "return" if act == TAKE_BACK else "cancel"
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
    }
    status = 422 if form.is_bound else 200
    if request.htmx:
        return render(request, f"inbox/_{name}.html", context | {"live": True}, status=status)
    return render(request, f"inbox/{name}.html", context, status=status)


def _as_it_is(request: StaffRequest, booking: Booking) -> HttpResponse:
    if request.htmx:
        return render(request, "inbox/_panel.html", booking_context(request, booking_detail.find(booking.pk)))
    return redirect(page_of(booking))


def _said(to: str) -> str:
    sentences: dict[str, str] = {
        Status.UPCOMING: _("%(name)s is now upcoming."),
        Status.CANCELLED: _("The booking of %(name)s is cancelled."),
        Status.REFUNDED: _("The booking of %(name)s is marked as refunded."),
    }
    return sentences.get(to, "")
