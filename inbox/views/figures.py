"""How the business goes, for managers."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inbox.desk.figures.download import as_csv
from inbox.desk.figures.kinds import BY_CODE
from inbox.desk.figures.period import Period
from inbox.desk.figures.shown import show_all
from inbox.permissions import StaffRequest, manager_required


@require_safe
@manager_required
def figures(request: StaffRequest) -> HttpResponse:
    """`/staff/figures/?year=`: all figures, month by month."""
    period = _period(request)
    context = {"period": period, "shown": show_all(period), "title": _("Figures"), "section": "figures"}
    return render(request, "inbox/figures.html", context)


@require_safe
@manager_required
def download(request: StaffRequest, code: str) -> HttpResponse:
    """`/staff/figures/CODE.csv?year=`: one of them for a spreadsheet."""
    figure, period = BY_CODE.get(code), _period(request)
    if figure is None:
        raise Http404
    response = HttpResponse(as_csv(figure, period), content_type="text/csv; charset=utf-8")
    name = f"{figure.code}-{period.months[0]:%Y-%m}-{period.months[-1]:%Y-%m}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _period(request: StaffRequest) -> Period:
    return Period.read(request.GET, timezone.localdate(timezone=ZoneInfo(settings.TIME_ZONE)))
