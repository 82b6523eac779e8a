"""Lists of the inbox: kept under a name, taken away as a file; and the keys that move in them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.errors import Invalid
from inbox.desk.query import Query
from inbox.desk.responses import SeeOther, next_url
from inbox.desk.triage import export, saved
from inbox.forms.base import errors_of
from inbox.forms.triage import SaveFilterForm
from inbox.permissions import StaffRequest, staff_required


@require_safe
@staff_required
def as_csv(request: StaffRequest) -> Any:
    """All rows of a list, as the inbox filters and sorts it."""
    at = timezone.now()
    rows = export.lines(Query.read(request.GET), at, request.staff)
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    name = f"bookings-{timezone.localdate(at)}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def save_filter(request: StaffRequest) -> HttpResponse:
    """Ask under which name a list is kept, and keep it."""
    back = next_url(request, reverse("inbox"))
    form = SaveFilterForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            query = Query.of_address(back)
            saved.save_filter(user=request.staff, query=query, **form.cleaned_data)
            messages.success(request, _("The list is saved as “%(name)s”.") % form.cleaned_data)
            return SeeOther(back)
        except Invalid as refusal:
            form.add_error("name", str(refusal.message))
    context = {
        "title": _("Save this list"),
        "form": form,
        "errors": errors_of(form) if form.is_bound else [],
        "section": "inbox",
        "next_url": back,
        "back_url": back,
        "back_label": _("Back to the list"),
    }
    return render(request, "inbox/save_filter.html", context, status=422 if form.is_bound else 200)


@require_POST
@staff_required
def delete_filter(request: StaffRequest, pk: int) -> HttpResponse:
    """Delete one of one's own."""
    if saved.delete_filter(user=request.staff, pk=pk):
        messages.success(request, _("The saved list is deleted."))
    return SeeOther(next_url(request, reverse("inbox")))


@require_safe
@staff_required
def keys(request: StaffRequest) -> HttpResponse:
    """Which keys do what, and the switch that turns them off."""
    back = next_url(request, reverse("inbox"))
    context = {
        "title": _("Keyboard shortcuts"),
        "section": "inbox",
        "back_url": back,
        "back_label": _("Back"),
    }
    return render(request, "inbox/keys.html", context)
