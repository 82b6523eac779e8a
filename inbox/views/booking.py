"""One booking, its notes and its mails."""

from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.errors import BookingError
from inbox.desk import actions as actions
from inbox.desk import booking as booking_detail
from inbox.desk.responses import booking_context, done, next_url, page_of, refused
from inbox.forms.base import errors_of
from inbox.forms.booking import NoteForm
from inbox.models import InboxEmail
from inbox.permissions import StaffRequest, staff_required


@require_safe
@staff_required
def booking(request: StaffRequest, pk: UUID) -> HttpResponse:
    """`/staff/bookings/<uuid>/`: everything about one booking."""
    found = booking_detail.find(pk)
    return page(request, booking_context(request, found, next_url=_here(request, found)))


@require_POST
@staff_required
def notes(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Add a note."""
    found, form = booking_detail.find(pk), NoteForm(request.POST)
    if not form.is_valid():
        context = booking_context(request, found, note_form=form)
        if request.htmx:
            return render(request, "inbox/_booking.html", context | {"live": True}, status=422)
        return page(request, context | {"errors": errors_of(form)}, status=422)
    actions.add_note(booking=found, author=request.staff, text=form.cleaned_data["text"])
    return done(request, found, _("Note saved."))


@require_POST
@staff_required
def resend(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Send a mail again."""
    email = get_object_or_404(InboxEmail.objects.select_related("booking").exclude(booking=None), pk=pk)
    try:
        actions.send_again(email=email, at=timezone.now())
    except BookingError as refusal:
        return refused(request, email.about, refusal)
    return done(request, email.about, _("The email is on its way again."))


def _here(request: StaffRequest, found: booking_detail.Booking) -> str:
    """The page's own address with the way back, so that an act returns to it and the way back survives."""
    return request.get_full_path() if next_url(request) else page_of(found)


def page(request: StaffRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    """The booking on its own page."""
    back = next_url(request)
    if not back or urlsplit(back).path == request.path:  # an act leads back here, which is no way back
        back = reverse("inbox")
    context |= {"section": "inbox", "back_url": back, "back_label": _("Back")}
    return render(request, "inbox/booking.html", context, status=status)
