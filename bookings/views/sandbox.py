"""The sandbox's own page, where a customer agrees, declines, is asked for a step more, goes back or closes the tab."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from bookings.errors import NotFound
from bookings.models import SandboxOrder
from bookings.payments.provider import InvalidState, State
from bookings.payments.sandbox import bank, webhook
from bookings.views.decorators import mark_private, see_other
from exodrive.db.logins import serves_public_only
from exodrive.money import Money


@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """GET shows the order; POST does what was pressed, as a provider's page would."""
    if not settings.PAYMENTS_SANDBOX or serves_public_only():
        raise NotFound
    try:
        found = bank.find(order_id)
    except InvalidState:
        raise NotFound from None
    if request.method == "POST":
        return mark_private(_pressed(request, found))
    return mark_private(_page(request, found))


def _page(request: HttpRequest, found: SandboxOrder, said: str = "") -> HttpResponse:
    context = {
        "order": found,
        "amount": Money(found.amount, found.currency),
        "is_open": found.state == State.ACTION_REQUIRED,
        "said": said,
        "step": "step" in request.GET,
    }
    return render(request, "bookings/sandbox.html", context)


def _pressed(request: HttpRequest, found: SandboxOrder) -> HttpResponse:
    what = request.POST.get("what", "")
    if found.state != State.ACTION_REQUIRED:
        return see_other(found.return_url)
    if what == "step":
        return see_other(f"{request.path}?step=1")
    if what == "back":
        return see_other(found.cancel_url)
    if what == "decline":
        bank.decline(found.pk)
        return see_other(found.return_url)
    if what not in ("approve", "close"):
        return _page(request, found)
    found = bank.approve(found.pk)
    times = 2 if "twice" in request.POST else 1
    webhook.tell(found, "payment.approved", late="late" in request.POST, times=times)
    return see_other(found.return_url) if what == "approve" else _page(request, found, said="closed")
