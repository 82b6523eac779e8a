"""Answers to an act on a booking: done, moved by someone else, or refused; as a page or into the inbox page.

A form in the inbox carries the list's address in `next` and is posted by htmx: the answer then replaces the list, the
tabs, the badge and the open booking out of band, so that one answer keeps all of them true. Without JavaScript the same
form ends in a 303 back to `next`.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_htmx.http import reswap, retarget

from bookings.errors import BookingError, StatusChanged
from bookings.models import Booking
from exodrive.i18n import formats
from exodrive.routes import Tag, tags_of
from inbox.desk import badge, listing
from inbox.desk import booking as booking_detail
from inbox.desk.query import Query
from inbox.desk.schedule import today
from inbox.desk.triage.saved import saved_filters
from inbox.permissions import StaffRequest


class SeeOther(HttpResponseRedirect):
    """303: the answer to a POST is another page, to be fetched with GET."""

    status_code = 303


def next_url(request: HttpRequest, default: str = "") -> str:
    """Where the reader came from, when that is a staff page of this site."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe and Tag.STAFF in tags_of(address) else default


def page_of(booking: Booking) -> str:
    """The booking's own page."""
    return reverse("staff_booking", args=[booking.pk])


def booking_context(request: StaffRequest, booking: Booking, **more: Any) -> dict[str, Any]:
    """What `_booking.html` needs."""
    back = next_url(request, page_of(booking))
    return {
        "booking": booking,
        "detail": booking_detail.describe(booking),
        "next_url": back,
        "at": timezone.now(),
        **more,
    }


def inbox_context(request: StaffRequest, query: Query) -> dict[str, Any]:
    """What the inbox page shows beside an open booking."""
    at, pending = timezone.now(), badge.pending()
    return {
        "saved": saved_filters(request.staff, query),
        "listing": listing.read(query, at, pending),
        "pending": pending,
        "due": today.due(at),
        "at": at,
        "section": "inbox",
    }


def done(request: StaffRequest, booking: Booking, sentence: str, *, warns: bool = False) -> HttpResponse:
    """It happened: into the inbox page, or 303 to where the reader came from. `warns`: it may not have, yet."""
    back = next_url(request, page_of(booking))
    if not request.htmx:
        (messages.warning if warns else messages.success)(request, sentence)
        return SeeOther(back)
    inbox = inbox_context(request, Query.of_address(back))
    waiting = inbox["pending"].count
    count = ngettext("%(n)d pending.", "%(n)d pending.", waiting) % {"n": waiting}
    context = (
        inbox
        | booking_context(request, booking_detail.find(booking.pk))
        | {"message": f"{sentence} {count}", "warns": warns}
    )
    context["current"] = booking.pk
    return _varied(reswap(render(request, "inbox/_after.html", context), "none"))


def refused(request: StaffRequest, booking: Booking, refusal: BookingError) -> HttpResponse:
    """It did not happen: say why in place of the row or the panel, or on a page of its own."""
    back = next_url(request, page_of(booking))
    sentence = changed(booking, refusal) if isinstance(refusal, StatusChanged) else str(refusal.message)
    out = getattr(refusal, "booking", None)
    context = {"booking": booking, "sentence": sentence, "refresh_url": back, "out": out}
    if not request.htmx:
        return render(request, "inbox/refused.html", context, status=refusal.status)
    in_row = request.htmx.target == f"b-{booking.pk}"
    element, target = ("li", f"b-{booking.pk}") if in_row else ("article", f"booking-{booking.pk}")
    context |= {"live": True, "element": element, "id": target}
    response = render(request, "inbox/_conflict.html", context, status=refusal.status)
    return _varied(retarget(response, f"#{context['id']}"))


def changed(booking: Booking, conflict: StatusChanged) -> str:
    """ "Inès moved this booking to Upcoming at 10:42."."""
    at = conflict.details["at"]
    zone = booking.pick_up.zone
    same_day = at.astimezone(zone).date() == timezone.now().astimezone(zone).date()
    words = {
        "who": conflict.details["by"] or _("Someone else"),
        "status": Booking.Status(conflict.details["status"]).label,
        "when": formats.clock(at.astimezone(zone)) if same_day else formats.instant(at, zone),
    }
    if same_day:
        return _("%(who)s moved this booking to %(status)s at %(when)s.") % words
    return _("%(who)s moved this booking to %(status)s on %(when)s.") % words


def _varied(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["HX-Request"])
    return response
