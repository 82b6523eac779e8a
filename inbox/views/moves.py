"""Moving a booking. Every form says from which status it was sent; the verbs decide."""

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
from inbox.desk.available_actions import CANCEL
from inbox.desk.responses import done, refused
from inbox.forms.cancel import CancelForm
from inbox.permissions import StaffRequest, staff_required
from inbox.views.acting import act, ask

Status = Booking.Status
ASK_FIRST = (Status.ACTIVE, Status.COMPLETED, Status.CANCELLED)  # hand over, take back, cancel


@require_POST
@staff_required
def transition(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Move to the status in `to`: "Mark upcoming", "Mark refunded", "Done" of a ride. Other moves ask something first."""
    booking = booking_detail.row(pk)
    to = request.POST.get("to", "")
    if to in ASK_FIRST and not (booking.is_ride and to == Status.COMPLETED):
        return refused(request, booking, InvalidTransition())
    return act(request, booking, transitions.transition, _said(to), leads_to=to, to=to)


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
    typed = request.POST if request.method == "POST" else None
    form = CancelForm(typed, booking=booking, may_still_out=request.staff.is_manager)
    if not form.is_valid():
        return ask(request, booking, form, acts=[CANCEL], page="cancel")
    said = _said(Status.CANCELLED)
    return act(request, booking, transitions.cancel, said, leads_to=Status.CANCELLED, **form.why)


@require_POST
@staff_required
def cancel_unproven(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Cancel all unproven bookings of whoever made this one."""
    booking = booking_detail.row(pk)
    n = cancel_unproven_like(booking=booking, at=timezone.now())
    words = ngettext("%(n)d unproven booking is cancelled.", "%(n)d unproven bookings are cancelled.", n)
    return done(request, booking_detail.row(pk), words % {"n": n})


def _said(to: str) -> str:
    sentences: dict[str, str] = {
        Status.UPCOMING: _("%(name)s is now upcoming."),
        Status.COMPLETED: _("The ride of %(name)s is done."),
        Status.CANCELLED: _("The booking of %(name)s is cancelled."),
        Status.REFUNDED: _("The booking of %(name)s is marked as refunded."),
    }
    return sentences.get(to, "")
