"""Who has which car when: a timeline and a list."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_interval
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.called import with_cars
from bookings.days import Days
from bookings.models import Booking
from cars.models import BY_NAME, Car
from exodrive.db.folding import Folded
from exodrive.i18n.formats import locale
from inbox.desk import agenda, timeline
from inbox.desk.listing import Choice, car_choice
from inbox.permissions import StaffRequest, staff_required

VIEWS = ("timeline", "list")
EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)


@require_safe
@staff_required
def calendar(request: StaffRequest) -> HttpResponse:
    """Without `view` both are rendered and the width of the screen picks one."""
    at = timezone.now()
    cars = list(
        Car.objects.select_related("location").order_by(Folded("location__name"), "location_id", *BY_NAME)
    )
    asked = _asked(request, cars[0].location.today(at) if cars else at.date(), {str(car.pk) for car in cars})
    window = Days.starting(asked["from"], asked["days"])
    shown = [car for car in cars if asked["car"] in ("", str(car.pk))]
    context = {
        "asked": asked,
        "window": window,
        "title": format_interval(window.start, window.end, "yMMMM", locale=locale()),
        "links": _links(asked),
        "choices": _choices(asked, cars),
        "at": at,
        "section": "calendar",
    }
    if asked["view"] != "list":
        context["timeline"] = timeline.build(shown, window, at, status=asked["status"])
    if asked["view"] != "timeline":
        context["agenda"] = agenda.build(window, car=asked["car"], status=asked["status"])
    return render(request, "inbox/calendar.html", context)


def _asked(request: StaffRequest, today: date, cars: set[str]) -> dict[str, Any]:
    get = with_cars(request.GET, "car")
    try:
        start = min(max(date.fromisoformat(get.get("from", "")), EARLIEST), LATEST)
    except ValueError:
        start = today - timedelta(days=today.weekday())  # the week that is running, from its Monday
    return {
        "from": start,
        "days": 28 if get.get("days") == "28" else 14,
        "car": get.get("car", "") if get.get("car") in cars else "",
        "status": get.get("status", "") if get.get("status") in agenda.SHOWN else "",
        "view": get.get("view", "") if get.get("view") in VIEWS else "",
    }


def _links(asked: dict[str, Any]) -> dict[str, str]:
    step = timedelta(days=asked["days"])
    return {
        "previous": _url(asked, **{"from": asked["from"] - step}),
        "today": _url(asked, **{"from": ""}),
        "next": _url(asked, **{"from": asked["from"] + step}),
        "timeline": _url(asked, view="timeline"),
        "list": _url(asked, view="list"),
        "two_weeks": _url(asked, days=14),
        "four_weeks": _url(asked, days=28),
    }


def _url(asked: dict[str, Any], **changes: Any) -> str:
    values = {name: value for name, value in (asked | changes).items() if value}
    return f"{reverse('staff_calendar')}?{urlencode(values)}"


def _choices(asked: dict[str, Any], cars: list[Car]) -> list[Choice]:
    statuses = [(status.value, status.label) for status in Booking.Status if status in agenda.SHOWN]
    return [
        car_choice(asked["car"], cars),
        Choice("status", _("Status"), asked["status"], [("", _("Any status")), *statuses]),
    ]
