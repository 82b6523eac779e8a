"""The inbox with its tabs, and the live badge."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event

from bookings.models import Booking
from inbox.desk import badge
from inbox.desk import booking as booking_detail
from inbox.desk.query import Query
from inbox.desk.responses import booking_context, inbox_context
from inbox.permissions import StaffRequest, staff_required


@require_safe
@staff_required
def home(request: StaffRequest) -> HttpResponse:
    """`/staff/`."""
    return redirect("inbox")


@require_safe
@staff_required
def inbox(request: StaffRequest) -> HttpResponse:
    """The list; or only its rows or the booking beside it, for htmx."""
    response = _panel(request) if request.htmx.target == "panel" else _list(request)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _panel(request: StaffRequest) -> HttpResponse:
    query, booking = Query.read(request.GET), _chosen(request)
    context = booking_context(request, booking, next_url=query.url) if booking else {}
    return render(request, "inbox/_panel.html", context)


def _list(request: StaffRequest) -> HttpResponse:
    query = Query.read(request.GET)
    context = inbox_context(request, query) | {"ticked": request.GET.get("tick") == "all"}
    if request.htmx:
        return render(request, "inbox/_results.html", context | {"current": _chosen_id(request)})
    first = next(iter(context["listing"].page), None)
    booking = _chosen(request) or (booking_detail.find(first.pk) if first else None)
    if booking:
        context |= booking_context(request, booking, next_url=query.url, current=booking.pk)
    return render(request, "inbox/inbox.html", context)


def _chosen_id(request: StaffRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("booking", ""))
    except ValueError:
        return None


def _chosen(request: StaffRequest) -> Booking | None:
    pk = _chosen_id(request)
    return booking_detail.find(pk) if pk else None


@require_safe
@staff_required
def inbox_badge(request: StaffRequest) -> HttpResponse:
    """The number in the navigation; 204 when nothing changed since version `v`."""
    pending = badge.pending()
    if request.GET.get("v") == pending.version:
        return HttpResponse(status=204)
    response = render(request, "inbox/_badge.html", {"pending": pending})
    return trigger_client_event(response, "inboxChanged", {"pending": pending.count})
