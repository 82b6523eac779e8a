"""The payments that wait for people, and what providers reported in vain."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.models import ProviderEvent
from bookings.payments.webhooks import replay
from inbox.desk import payment_queue
from inbox.desk.responses import SeeOther, next_url
from inbox.permissions import StaffRequest, manager_required, staff_required


@require_safe
@staff_required
def queue(request: StaffRequest) -> HttpResponse:
    """`/staff/payments/`: everything about money that nobody but people can bring on."""
    at = timezone.now()
    context = {
        "parts": payment_queue.read(at),
        "at": at,
        "zone": ZoneInfo(settings.TIME_ZONE),
        "next_url": reverse("staff_payments"),
        "title": _("Payments"),
        "section": "payments",
    }
    return render(request, "inbox/payments.html", context)


@require_POST
@manager_required
def handle_again(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Have what a provider reported handled once more; the worker does it."""
    event = get_object_or_404(ProviderEvent.objects.defer("body"), pk=pk)
    replay(event.pk, at=timezone.now())
    messages.success(request, _("The report is handled again."))
    return SeeOther(next_url(request, reverse("staff_payments")))
