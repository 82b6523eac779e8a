"""The bookings that count on a car: before it leaves the road, and when it broke down."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.availability.blocks import MAX_DAYS_BLOCKED, block_where_free
from bookings.days import Days
from bookings.errors import BookingError, ChangedMeanwhile, DatesTaken, Forbidden, Invalid
from bookings.lifecycle.rehousing.offroad import set_status_within
from bookings.lifecycle.rehousing.sisters import live_on, who_has
from bookings.models import BlockEvent
from cars.models import Car
from inbox.desk.rehousing.presses import Listed, after_moves, listed, moved_one
from inbox.desk.responses import SeeOther, next_url
from inbox.forms.base import Plain, errors_of
from inbox.forms.offroad import FillForm, StatusForm
from inbox.permissions import StaffRequest, staff_required

REMOVED = 10  # blocks that were removed last


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def bookings(request: StaffRequest, pk: int) -> HttpResponse:
    """`/staff/cars/<id>/bookings/?status=` for a car that leaves the road; `?start=&end=` for one that broke down and is to
    be blocked on these days."""
    car, days = get_object_or_404(Car.objects.select_related("location"), pk=pk), _days(request)
    form = _form(request, car, days)
    if request.method != "POST":
        return _page(request, car, days, form)
    try:
        if moved_one(request):
            return _page(request, car, days, form, tried=False)
        if form is None:
            raise Forbidden(_("Only a manager may do this."))
        if not form.is_valid():
            return _page(request, car, days, form, status=422)
        after_moves(request, _act(request, car, days, form), on=[car.pk])
    except (DatesTaken, Invalid, ChangedMeanwhile) as refusal:
        return _page(request, car, days, form, refusal=refusal)
    messages.success(request, _done_words(car, days, form))
    return SeeOther(next_url(request) or _address(car, days))


def _days(request: StaffRequest) -> Days | None:
    """Those of a breakdown; none for anything that is no range."""
    asked = request.POST if request.method == "POST" else request.GET
    if not {"start", "end"} <= asked.keys():
        return None
    try:
        days = Days.parse(asked["start"], asked["end"])
    except BookingError:
        return None
    return days if len(days) <= MAX_DAYS_BLOCKED else None


def _form(request: StaffRequest, car: Car, days: Days | None) -> Plain | None:
    """The desk blocks days; a status is a manager's."""
    typed = request.POST if request.method == "POST" else None
    if days:
        return FillForm(typed, initial={name: request.GET.get(name, "") for name in ("kind", "note")})
    if not request.staff.is_manager:
        return None
    return StatusForm(typed, car=car, wanted=request.GET.get("status", ""))


def _act(request: StaffRequest, car: Car, days: Days | None, form: Plain) -> Callable[[], Any]:
    data = form.cleaned_data
    if days:
        return partial(block_where_free, car=car, days=days, by_id=request.staff.pk, **data)
    return partial(set_status_within, car=car, at=timezone.now(), **data)


def _done_words(car: Car, days: Days | None, form: Plain) -> str:
    words = {"car": f"{car.name} · {car.plate}"}
    if days:
        return _("The free days of the %(car)s are blocked.") % words
    status = {"status": Car.Status(form.cleaned_data["status"]).label}
    return _("The status of the %(car)s is now: %(status)s") % {**words, **status}


def _address(car: Car, days: Days | None) -> str:
    query = f"?{urlencode({'start': days.start, 'end': days.end})}" if days else ""
    return reverse("staff_car_bookings", args=[car.pk]) + query


def _in_the_way(car: Car, days: Days | None) -> Listed:
    at = timezone.now()
    found = who_has([car.pk], days) if days else live_on(car, at)
    return listed(found, at, avoiding=[car.pk])


def _page(
    request: StaffRequest,
    car: Car,
    days: Days | None,
    form: Plain | None,
    *,
    refusal: BookingError | None = None,
    tried: bool = True,
    status: int = 200,
) -> HttpResponse:
    context = _about(car, days) | {
        "form": form,
        "errors": _errors(form, refusal) if tried else [],
        "next_url": next_url(request),
        "back_url": next_url(request, reverse("staff_calendar")),
    }
    return render(request, "inbox/car_bookings.html", context, status=refusal.status if refusal else status)


def _about(car: Car, days: Days | None) -> dict[str, Any]:
    events = BlockEvent.objects.filter(car=car).select_related("actor").order_by("-created_at")
    return {
        "car": car,
        "days": days,
        "in_the_way": _in_the_way(car, days),
        "move_all": _("Move all and block these days") if days else _("Move all and set the status"),
        "removed": events[:REMOVED],
        "title": _("Bookings of %(car)s") % {"car": f"{car.name} · {car.plate}"},
        "section": "calendar",
    }


def _errors(form: Plain | None, refusal: BookingError | None) -> list[tuple[str, str]]:
    if refusal:
        return [("in-the-way", str(refusal.message))]
    return errors_of(form) if form and form.is_bound else []
