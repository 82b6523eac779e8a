"""Who has which car when: a timeline and a list."""

from datetime import datetime
from typing import Any

from babel.dates import format_interval
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.days import Days
from cars.models import Car, Location, offered_rides
from exodrive.i18n.formats import locale
from inbox.desk.pages import ByKey, Numbered
from inbox.desk.schedule import agenda, timeline
from inbox.desk.schedule.calendar import CalendarQuery, cars_of, choices, today_of
from inbox.permissions import StaffRequest, staff_required

CARS_PER_PAGE = 50


@require_safe
@staff_required
def calendar(request: StaffRequest) -> HttpResponse:
    """Without `view` both are rendered, their first pages, and the width of the screen picks one."""
    at, places, query = timezone.now(), list(Location.objects.all()), CalendarQuery.read(request.GET)
    window = query.window(today_of(query, places, at))
    context = {
        "query": query,
        "window": window,
        "title": format_interval(window.start, window.end, "yMMMM", locale=locale()),
        "links": query.links(window),
        "choices": choices(query, places),
        "only_car": Car.objects.filter(pk=query.car).first() if query.car else None,
        "at": at,
        "rides": offered_rides().exists(),
        "section": "calendar",
    }
    if query.view != "list":
        context |= _timeline(query, window, at)
    if query.view != "timeline":
        context |= _agenda(query, window)
    return render(request, "inbox/calendar.html", context)


def _timeline(query: CalendarQuery, window: Days, at: datetime) -> dict[str, Any]:
    page = ByKey(cars_of(query, window), CARS_PER_PAGE).get_page(query.page)
    return {
        "timeline": timeline.build(list(page), window, at, status=query.status),
        "cars": Numbered(page, lambda n: query.with_(view="timeline", page=n)),
    }


def _agenda(query: CalendarQuery, window: Days) -> dict[str, Any]:
    found = agenda.build(window, cars_of(query, window), status=query.status, page=query.page)
    return {
        "agenda": found.days,
        "events": Numbered(found.page, lambda n: query.with_(view="list", page=n)),
    }
