"""Who drives a ride, and in which car."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings.errors import BookingError, DatesTaken, Invalid
from bookings.lifecycle.rides.dispatch import dispatch_ride, refuse_undispatchable
from bookings.models import Booking
from bookings.ridden import ride_of, when_of
from inbox.desk import booking as booking_detail
from inbox.desk.responses import done, next_url, page_of, refused
from inbox.desk.words.dispatch import done_words, told_words
from inbox.forms.base import errors_of
from inbox.forms.dispatch import DispatchForm
from inbox.permissions import StaffRequest, staff_required


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def dispatch(request: StaffRequest, pk: UUID) -> HttpResponse:
    """`/staff/bookings/<uuid>/driver/`: asks for the driver and the car of a ride, then writes both down."""
    booking = booking_detail.row(pk)
    try:
        refuse_undispatchable(booking)
    except BookingError as refusal:
        return refused(request, booking, refusal)
    form = DispatchForm(request.POST if request.method == "POST" else None, booking=booking)
    if not form.is_valid():
        return _page(request, booking, form, status=422 if form.is_bound else 200)
    try:
        dispatched = dispatch_ride(
            booking=booking, to=form.asked, at=timezone.now(), from_=request.POST.get("from") or None
        )
    except (DatesTaken, Invalid) as refusal:
        form.show(refusal)
        return _page(request, booking, form, status=refusal.status)
    except BookingError as refusal:
        return refused(request, booking, refusal)
    return done(request, dispatched.booking, done_words(dispatched))


def _page(request: StaffRequest, booking: Booking, form: DispatchForm, status: int) -> HttpResponse:
    """In the panel or on its own page."""
    back = next_url(request, page_of(booking))
    context: dict[str, Any] = {
        "booking": booking,
        "ride": ride_of(booking),
        "when": when_of(booking),
        "form": form,
        "errors": errors_of(form) if form.is_bound else [],
        "told": told_words(booking),
        # What the reader saw, also when the form comes back after somebody else moved the booking or gave it another car.
        "from_status": request.POST.get("from") or booking.status,
        "out": request.POST.get("out") or booking.car_id,
        "after": request.POST.get("after", ride_of(booking).driver_name),
        "next_url": back,
        "back_url": f"{back}&booking={booking.pk}" if request.htmx else back,
        "section": "inbox",
    }
    if request.htmx:
        return render(request, "inbox/_dispatch.html", context | {"live": True}, status=status)
    return render(request, "inbox/dispatch.html", context, status=status)
