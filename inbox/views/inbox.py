"""The inbox with its tabs, the live badge, and the day list."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event

from bookings.models import Booking
from inbox.desk import badge, overdue
from inbox.desk import booking as booking_detail
from inbox.desk.listing import with_rows
from inbox.desk.query import Query
from inbox.desk.responses import booking_context, inbox_context
from inbox.desk.today import PARTS, due_bookings
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


@require_safe
@staff_required
def day_list(request: StaffRequest) -> HttpResponse:
    """Pick-ups, returns and overdue cars of today; `?show=` picks one of them. Prints."""
    at, show = timezone.now(), request.GET.get("show", "")
    shown = [part for part in PARTS if part.code == show] or list(PARTS)
    parts = [{"part": part, "rows": list(with_rows(due_bookings(part, at)))} for part in shown]
    rows = {"tab": "today", "status": "", "url": request.get_full_path(), "live": False}
    context = {"parts": parts, "listing": rows, "at": at, "section": "today", "title": _("Today")}
    context["at_risk"] = overdue.at_risk(at) if "overdue" in [part.code for part in shown] else []
    return render(request, "inbox/today.html", context | {"one_part": len(shown) == 1})
