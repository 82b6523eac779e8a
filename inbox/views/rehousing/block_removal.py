"""Removing a block: asked first, because nothing brings it back."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.availability.blocks import remove_block
from bookings.errors import ChangedMeanwhile
from bookings.models import Block
from exodrive.i18n.formats import span
from inbox.desk.responses import SeeOther, next_url
from inbox.permissions import StaffRequest, staff_required


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def removal(request: StaffRequest, pk: int) -> HttpResponse:
    """`/staff/blocks/<id>/removal/`: names the days and the reason, then frees the days."""
    found = get_object_or_404(Block.objects.select_related("car__location", "created_by"), pk=pk)
    if request.method != "POST":
        return _page(request, found)
    try:
        remove_block(block=found, seen=request.POST.get("days"))
    except ChangedMeanwhile as refusal:
        return _page(request, found, [("removal", str(refusal.message))], refusal.status)
    words = {"car": found.car.name, "days": span(found.start_date, found.end_date)}
    messages.success(request, _("%(car)s is no longer blocked %(days)s.") % words)
    return SeeOther(next_url(request) or _calendar(found))


def _calendar(found: Block) -> str:
    return f"{reverse('staff_calendar')}?{urlencode({'from': found.start_date})}"


def _page(
    request: StaffRequest, found: Block, errors: list[tuple[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    came_from = next_url(request)
    query = f"?{urlencode({'next': came_from})}" if came_from else ""
    context = {
        "blocked": found,
        "errors": errors or [],
        "next_url": came_from,
        "back_url": reverse("staff_block", args=[found.pk]) + query,
        "title": _("Remove the block of %(car)s") % {"car": found.car.name},
        "section": "calendar",
    }
    return render(request, "inbox/block_removal.html", context, status=status)
