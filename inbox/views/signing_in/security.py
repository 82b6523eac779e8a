"""What happened around keys and personal data, for managers."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inbox.desk.security import EventQuery, read
from inbox.permissions import StaffRequest, manager_required


@require_safe
@manager_required
def events(request: StaffRequest) -> HttpResponse:
    """`/staff/security/?kind=&person=&page=`."""
    context = {
        "listing": read(EventQuery.read(request.GET)),
        "zone": ZoneInfo(settings.TIME_ZONE),
        "title": _("Security"),
        "section": "account",
    }
    return render(request, "inbox/security.html", context)
