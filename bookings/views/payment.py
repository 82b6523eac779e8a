"""The payment page of a booking: choose a way to pay, go to the provider, come back, wait where that takes a moment.

The booking is found through its link, as the public; what concerns payments runs as exo_service, which the public's
database role cannot become.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from bookings.errors import BookingError, Invalid, NotFound
from bookings.links.lookup import booking_for
from bookings.models import Booking, Payment
from bookings.payments import checkout
from bookings.payments.deposit_jobs import hold_at_once
from bookings.payments.operations import payment_for
from bookings.payments.provider import NeedsCustomerAction, ProviderError
from bookings.payments.refusals import refused
from bookings.payments.registry import METHODS, Method, page_origins
from bookings.payments.terms_text import paying
from bookings.payments.webhooks import look
from bookings.views import payment_text
from bookings.views.booking import rental_of
from bookings.views.cookies import keep_payer, kept_payer
from bookings.views.decorators import mark_private, see_other
from bookings.views.pin import pin_protected
from exodrive.db.logins import serves_public_only
from exodrive.http.refusals import retry_later
from exodrive.rls import SERVICE, acting_as

TURNS, LOOKED_EVERY = 40, 5  # a page that waits looks so often, and asks the provider at each fifth look
SECONDS = 2
Purpose = Payment.Purpose


def as_payer() -> Any:
    """The identity of pages that take payments. Raises NotFound in a process that serves the public site only."""
    if serves_public_only():
        raise NotFound
    return acting_as(SERVICE, actor="customer")


@require_http_methods(["GET", "HEAD", "POST"])
@pin_protected
def booking_payment(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what is due and how it can be paid; POST leads to the provider. `turn` waits for its answer."""
    found = booking_for(token)
    purpose, turn = _due(found), _turn(request)
    if not purpose and not turn:
        return see_other(reverse("booking", args=[token]))
    with as_payer():
        if request.method == "POST" and purpose:
            return _pay(request, found, token, purpose)
        if turn and (waits := _undecided(found)):
            return _wait(request, token, waits, turn)
    return _page(request, found, token, purpose) if purpose else see_other(reverse("booking", args=[token]))


def _due(found: Booking) -> str:
    """What is to be paid here; "" where nothing is, or there is no way to."""
    purpose = checkout.due(found, timezone.now())
    return purpose if purpose and checkout.ways_to_pay(found, purpose) else ""


def _page(
    request: HttpRequest,
    found: Booking,
    token: str,
    purpose: str,
    *,
    refusal: BookingError | None = None,
    chosen: str = "",
) -> HttpResponse:
    choices = checkout.ways_to_pay(found, purpose)
    context = {
        "ways": choices,
        "chosen": _chosen(choices, chosen, found.payment_method),
        "errors": [("way-0", str(refusal.message))] if refusal else [],
        "failed": payment_text.failed(found, purpose) if not refusal else "",
        **_about(found, purpose),
        **rental_of(found, token),
    }
    status = refusal.status if refusal else 200
    response = render(request, "bookings/payment.html", context, status=status)
    return _may_lead_to(retry_later(response, refusal), page_origins(choices))


def _chosen(choices: list[Method], *wanted: str) -> str:
    """The first of the wanted ones that there is, else the first of all."""
    names = [one.identifier for one in choices]
    return next((name for name in wanted if name in names), next(iter(names), ""))


def _about(found: Booking, purpose: str) -> dict[str, Any]:
    """What is to be paid, until when, and what is promised for it."""
    return {
        "amount": checkout.amount_to_pay(found, purpose),
        "purpose": purpose,
        "partly": paying(found) if found.paid and purpose == Payment.Purpose.RENTAL else "",
        "keeps": payment_text.kept_until(found),
        "is_back": found.status == Booking.Status.COMPLETED,
        "promises": payment_text.promises(found, purpose, timezone.now()),
        "bank_account": settings.BANK_ACCOUNT,
        "sandbox": settings.PAYMENTS_SANDBOX,
    }


def _may_lead_to(response: HttpResponse, origins: list[str]) -> HttpResponse:
    """Browsers follow a redirect after a form only to where the page that holds the form may send it."""
    if not origins:
        return response
    answered: Callable[[HttpRequest], HttpResponse] = lambda request: response  # noqa: E731
    csp_update({"form-action": origins})(answered)(HttpRequest())
    return response


# --- Paying -----------------------------------------------------------------------------------------------------


def _pay(request: HttpRequest, found: Booking, token: str, purpose: str) -> HttpResponse:
    method = request.POST.get("method", "")
    try:
        if purpose == Purpose.RENTAL and method in METHODS and not METHODS[method].online:
            return _offline(request, found, token, method)
        payment = checkout.start(
            found, method=method, purpose=purpose, back=checkout.usual_back(), at=timezone.now()
        )
    except NeedsCustomerAction as action:
        return _leave(action.url, token)
    except Invalid as refusal:
        return _page(request, found, token, purpose, refusal=refusal, chosen=method)
    except (ProviderError, LookupError) as error:
        return _page(request, found, token, purpose, refusal=refused(error), chosen=method)
    url = payment.next_url
    return _leave(url, token) if url else see_other(reverse("booking", args=[token]))


def _leave(url: str, token: str) -> HttpResponse:
    response = see_other(url)
    keep_payer(response, token)
    return response


def _offline(request: HttpRequest, found: Booking, token: str, method: str) -> HttpResponse:
    checkout.choose_offline(found, method)
    messages.success(request, payment_text.chosen_offline(method))
    return see_other(reverse("booking", args=[token]))


# --- Coming back ------------------------------------------------------------------------------------------------


@require_safe
def payment_back(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Where providers send customers back to. The address names a payment and opens nothing: who started it in this browser
    goes on to the booking, everybody else reads that the mailed link shows it."""
    params = request.GET.dict()
    with as_payer():
        payment = payment_for(payment_id)
        if "not" not in params:
            _complete(payment, params)
        payment = payment_for(payment_id)
    token = kept_payer(request, payment.booking.link)
    with override(payment.booking.language):
        if not token:
            return mark_private(render(request, "bookings/paid.html", {"payment": payment}))
        response = see_other(_onwards(request, payment, token))
        return mark_private(response)


def _complete(payment: Payment, params: dict[str, str]) -> None:
    at = timezone.now()
    try:
        checkout.complete(payment.pk, params, at=at)
        hold_at_once(payment.booking_id, at=at)
    except (ProviderError, Invalid, LookupError):
        return  # the payment knows why; what nobody knows yet the reconciler asks again


def _onwards(request: HttpRequest, payment: Payment, token: str) -> str:
    page = reverse("booking_payment", args=[token])
    if "not" in request.GET and payment.state in Payment.OPEN:
        messages.info(request, _("You have not paid. Your car is kept for you meanwhile."))
        return page
    if payment.state in Payment.OPEN and not payment.failure:
        return f"{page}?turn=1"
    return page  # which goes on to the booking when nothing is due


def _turn(request: HttpRequest) -> int:
    text = request.GET.get("turn", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 and 0 < int(text) <= TURNS else 0


def _undecided(found: Booking) -> Payment | None:
    """A payment whose provider has not said yet what became of it."""
    rows = Payment.objects.filter(booking=found, state__in=Payment.OPEN, failure="")
    return rows.order_by("created_at").last()


def _wait(request: HttpRequest, token: str, payment: Payment, turn: int) -> HttpResponse:
    """A light page that looks again in a moment, without JavaScript too."""
    if turn % LOOKED_EVERY == 0:
        try:
            look(payment_for(payment.pk), at=timezone.now())
        except (ProviderError, Invalid, LookupError):
            pass  # asked again at a later turn
    page = reverse("booking_payment", args=[token])
    again = f"{page}?turn={turn + 1}" if turn < TURNS else ""
    response = render(
        request, "bookings/confirming.html", {"again": again, "token": token, "payment": payment}
    )
    if again:
        response["Refresh"] = f"{SECONDS}; url={again}"
    return response
