"""The day sheet: pick-ups, returns and overdue cars of today, or what is booked for another day. Prints."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from exodrive.i18n.formats import day_full
from inbox.desk.schedule import overdue, sheet
from inbox.desk.schedule.follow_up import follow_ups
from inbox.desk.schedule.sheet import Sheet, SheetQuery
from inbox.permissions import StaffRequest, staff_required

MOST_FOLLOW_UPS = 100  # more are found in the inbox


@require_safe
@staff_required
def day_sheet(request: StaffRequest) -> HttpResponse:
    """`?day=` is another day than today, `?place=` one location, `?show=` one part."""
    at = timezone.now()
    found = sheet.read(SheetQuery.read(request.GET), at)
    context = {"sheet": found, "at": at, "section": "today", "title": _title(found)}
    if found.live and found.query.show in ("", "overdue"):
        context["at_risk"] = overdue.at_risk(at)
    if found.live and not found.query.show:
        context["follow_ups"] = follow_ups(found.day)[:MOST_FOLLOW_UPS]
    return render(request, "inbox/today.html", context)


def _title(found: Sheet) -> str:
    day = day_full(found.day)
    if found.live:
        return _("Today, %(day)s") % {"day": day}
    return _("Tomorrow, %(day)s") % {"day": day} if found.day == found.tomorrow else day
