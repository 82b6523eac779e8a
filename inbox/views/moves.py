"""Moving a booking. Every form says from which status it was sent; the verbs decide."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from bookings.errors import BookingError, InvalidTransition
from bookings.lifecycle import transitions
from bookings.lifecycle.unproven import cancel_unproven_like
from bookings.models import Booking
from inbox.desk import actions as actions
from inbox.desk import booking as booking_detail
from inbox.desk.available_actions import CANCEL, offered
from inbox.desk.responses import done, refused
from inbox.forms.booking import CancelForm
from inbox.permissions import StaffRequest, staff_required
from inbox.views.asking import as_it_is, ask

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
def cancellation(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Asks why, then cancels."""
    booking = booking_detail.row(pk)
    form = CancelForm(request.POST if request.method == "POST" else None, booking=booking)
    if not form.is_bound and CANCEL not in offered(booking, waiting=False):
        return as_it_is(request, booking)
    if not form.is_valid():
        return ask(request, booking, "cancel", form)
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


def _said(to: str) -> str:
    sentences: dict[str, str] = {
        Status.UPCOMING: _("%(name)s is now upcoming."),
        Status.CANCELLED: _("The booking of %(name)s is cancelled."),
        Status.REFUNDED: _("The booking of %(name)s is marked as refunded."),
    }
    return sentences.get(to, "")
