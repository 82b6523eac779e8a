"""One act on several bookings of a list, with a line for each about what became of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.models import Booking
from inbox.desk.responses import SeeOther, next_url
from inbox.desk.triage.acts import ACTS
from inbox.desk.triage.several import Order, act_on, picked
from inbox.forms.base import errors_of
from inbox.forms.triage import CancelSeveralForm
from inbox.permissions import StaffRequest, staff_required


@require_POST
@staff_required
def several(request: StaffRequest) -> HttpResponse:
    """Do `act` to all that were `picked`. A cancellation asks why first."""
    chosen, act = picked(request.POST.getlist("picked")), request.POST.get("act", "")
    if not chosen or act not in ACTS:
        messages.warning(request, _("Choose at least one booking and what to do with it."))
        return SeeOther(next_url(request, reverse("inbox")))
    form = CancelSeveralForm(request.POST if "reason" in request.POST else None)
    if act == "cancel" and not form.is_valid():
        return _why(request, form)
    reason = form.cleaned_data["reason"] if act == "cancel" else ""
    results = act_on(chosen, Order(act, request.staff, timezone.now(), reason))
    context = {
        "title": ACTS[act],
        "done": [result for result in results if not result.refused],
        "refused": [result for result in results if result.refused],
        **_way_back(request),
    }
    return render(request, "inbox/several.html", context)


def _why(request: StaffRequest, form: CancelSeveralForm) -> HttpResponse:
    values = request.POST.getlist("picked")
    context = {
        "title": _("Cancel several bookings"),
        "form": form,
        "picked": values,
        "bookings": Booking.objects.filter(pk__in=picked(values)).order_by("created_at", "pk"),
        "errors": errors_of(form) if form.is_bound else [],
        **_way_back(request),
    }
    return render(request, "inbox/cancel_several.html", context, status=422 if form.is_bound else 200)


def _way_back(request: StaffRequest) -> dict[str, str]:
    back = next_url(request, reverse("inbox"))
    return {"section": "inbox", "next_url": back, "back_url": back, "back_label": _("Back to the list")}
