"""A place that closes early: who comes then, to be called, moved to another time, or cancelled by a person."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from exodrive.numbers import small_number
from inbox.desk.rehousing.closing import coming
from inbox.forms.base import errors_of
from inbox.forms.closing import ClosingForm
from inbox.permissions import StaffRequest, staff_required


@require_safe
@staff_required
def closing(request: StaffRequest) -> HttpResponse:
    """`/staff/closing/?day=&place=&closes=`; a place alone asks for the day first."""
    form = _form(request)
    found = coming(**form.cleaned_data) if form.is_valid() else []
    context = {
        "form": form,
        "found": found,
        "errors": errors_of(form) if form.is_bound else [],
        "here": request.get_full_path(),
        "title": _("Closing early"),
        "section": "calendar",
    }
    return render(request, "inbox/closing.html", context, status=422 if form.errors else 200)


def _form(request: StaffRequest) -> ClosingForm:
    place = small_number(request.GET.get("place"))
    only_place = request.GET.keys() == {"place"} and place is not None
    asks = bool(request.GET) and not only_place
    return ClosingForm(request.GET) if asks else ClosingForm(initial={"place": place})
