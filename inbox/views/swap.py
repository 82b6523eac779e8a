"""Another car for a customer who is on the road."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from bookings.errors import BookingError, DatesTaken, Invalid
from bookings.lifecycle.keys.swap import MAX_NOTE, Swap, Swapped, refuse_unswappable, swap_car
from bookings.models import Block, Booking
from inbox.desk import booking as booking_detail
from inbox.desk.responses import SeeOther, done, next_url, page_of, refused
from inbox.desk.words.swap import done_words, foretold
from inbox.forms.base import errors_of
from inbox.forms.swap import SwapForm
from inbox.permissions import StaffRequest, staff_required


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def swap(request: StaffRequest, pk: UUID) -> HttpResponse:
    """`/staff/bookings/<uuid>/swap/`: asks which car, how both stand and why, then swaps them."""
    booking, at = booking_detail.row(pk), timezone.now()
    try:
        refuse_unswappable(booking, booking.pick_up.today(at))
    except BookingError as refusal:
        return _not_now(request, booking, refusal)
    typed = request.POST if request.method == "POST" else None
    form = SwapForm(typed, booking=booking, at=at, may_override=request.staff.is_manager)
    if not form.is_valid():
        return _page(request, booking, form, status=422 if form.is_bound else 200)
    from_ = request.POST.get("from") or None
    try:
        swapped = swap_car(booking=booking, to=form.asked, at=at, from_=from_)
    except (DatesTaken, Invalid) as refusal:
        form.show(refusal)
        return _page(request, booking, form, status=refusal.status)
    except BookingError as refusal:
        return refused(request, booking, refusal)
    if swapped.blocked.in_the_way:
        return _on_to_the_others(request, swapped, form.asked)
    return done(request, swapped.booking, done_words(swapped), warns=swapped.blocked.held)


def _not_now(request: StaffRequest, booking: Booking, refusal: BookingError) -> HttpResponse:
    """Who asks for an overdue car's swap is led to where the booking gets a later return day, with the sentence why."""
    overdue = booking.is_out and booking.status == Booking.Status.ACTIVE
    if request.method == "POST" or not overdue:
        return refused(request, booking, refusal)
    messages.warning(request, str(refusal.message))
    query = urlencode({"next": next_url(request, page_of(booking))})
    page = f"{reverse('staff_change', args=[booking.pk])}?{query}"
    return HttpResponseClientRedirect(page) if request.htmx else SeeOther(page)


def _on_to_the_others(request: StaffRequest, swapped: Swapped, asked: Swap) -> HttpResponse:
    """The old car is blocked but for the days of other bookings: they need another car, too."""
    messages.warning(request, done_words(swapped))
    query = {
        "start": swapped.since,
        "end": asked.block_until,
        "kind": Block.Kind.MAINTENANCE,
        "note": asked.reason[:MAX_NOTE],
        "next": next_url(request, page_of(swapped.booking)),
    }
    page = f"{reverse('staff_car_bookings', args=[swapped.former.pk])}?{urlencode(query)}"
    return HttpResponseClientRedirect(page) if request.htmx else SeeOther(page)


def _page(request: StaffRequest, booking: Booking, form: SwapForm, status: int) -> HttpResponse:
    """In the panel or on its own page."""
    back = next_url(request, page_of(booking))
    context: dict[str, Any] = {
        "booking": booking,
        "form": form,
        "errors": errors_of(form) if form.is_bound else [],
        "foretold": foretold(booking, timezone.now()),
        # What the reader saw, also when the form comes back after somebody else moved the booking or swapped its car.
        "from_status": request.POST.get("from") or booking.status,
        "out": request.POST.get("out") or booking.car_id,
        "next_url": back,
        "back_url": f"{back}&booking={booking.pk}" if request.htmx else back,
        "section": "inbox",
    }
    if request.htmx:
        return render(request, "inbox/_swap.html", context | {"live": True}, status=status)
    return render(request, "inbox/swap.html", context, status=status)
