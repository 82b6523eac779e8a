"""The secret booking page and what can be done there: calendar file, special requests, cancellation."""

from datetime import datetime
from typing import Any

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.errors import Forbidden, NotFound
from bookings.feeds.calendar_file import calendar_file, media_type
from bookings.forms.base import errors_of
from bookings.forms.change import RequestsForm
from bookings.forms.link import AddressForm, LinkForm
from bookings.lifecycle.again import look_again
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.transitions import cancel
from bookings.links import proof as proofs
from bookings.links.lookup import booking_for
from bookings.models import Booking
from bookings.payments.checkout import amount_to_pay, due
from bookings.payments.registry import offered
from bookings.ridden import what_of, when_of
from bookings.tokens import booking_url
from bookings.views import booking_text
from bookings.views.cookies import drop_typed, keep_typed, kept_typed
from bookings.views.decorators import private, see_other
from bookings.views.lapsed import book_again
from bookings.views.pin import pin_protected
from bookings.views.rides.held import context_of_booked
from exodrive.http.request import Request
from exodrive.i18n.formats import money
from exodrive.limits.rates import hit

NEW = "new_%s"  # the address has a field of its own beside the one that is shown
ENDED = (Booking.Status.CANCELLED, Booking.Status.REFUNDED)
TYPED_HERE = {"phone", "special_requests", "initial-phone", "initial-special_requests"}
LIVE = (Booking.Status.PENDING, Booking.Status.UPCOMING, Booking.Status.ACTIVE)


def gone(request: HttpRequest) -> HttpResponse:
    """404 for a wrong, an old and a rotated link alike, with a way to get a new one."""
    return render(request, "bookings/link.html", {"form": LinkForm(), "gone": True}, status=404)


@require_http_methods(["GET", "HEAD", "POST"])
@pin_protected
def booking(request: HttpRequest, token: str) -> HttpResponse:
    """Everything about one booking. POST brings what was typed into another language."""
    try:
        found = booking_for(token)
    except NotFound:
        return gone(request)
    if request.method == "POST":
        return _in_language(request, reverse("booking", args=[token]))
    return _page(request, found, token, RequestsForm(_typed_before(request, found), booking=found))


def _in_language(request: HttpRequest, page: str) -> HttpResponse:
    response = see_other(page)
    keep_typed(response, {name: request.POST[name] for name in TYPED_HERE & request.POST.keys()}, page)
    return response


def _typed_before(request: HttpRequest, found: Booking) -> QueryDict | None:
    """What was typed when another language was chosen."""
    kept = kept_typed(request)
    if not kept:
        return None
    typed = QueryDict(mutable=True)
    typed.update({"phone": found.phone, "special_requests": found.special_requests} | kept)
    return typed


def _page(
    request: HttpRequest,
    found: Booking,
    token: str,
    form: RequestsForm,
    *,
    address: AddressForm | None = None,
    status: int = 200,
) -> HttpResponse:
    at = timezone.now()
    context = {
        **_story(found, at),
        "is_live": found.status in LIVE,
        "may_change": found.status in LIVE and not (found.is_ride and found.status == Booking.Status.ACTIVE),
        "may_cancel": found.customer_may_cancel(at),
        "requests_form": form,
        "typed_form": "requests" if found.status in LIVE else "",
        "errors": [*errors_of(form), *errors_of(address)],
        "phone": found.pick_up.number,
        "again_url": book_again(found, at) if found.status in ENDED else "",
        "qr": _qr(booking_url(token, found.language)),
        **_to_pay(found, token) | _to_prove(found, at, address),
        **rental_of(found, token),
    }
    return render(request, "bookings/booking.html", context, status=status)


def _to_pay(found: Booking, token: str) -> dict[str, Any]:
    """The way to the payment page, where something can be paid online now."""
    purpose = due(found, timezone.now())
    if not purpose or not any(method.online for method in offered()):
        return {}
    amount = {"amount": money(amount_to_pay(found, purpose))}
    words = _("Hold the deposit of %(amount)s") if purpose == "deposit" else _("Pay %(amount)s")
    return {"pay_url": reverse("booking_payment", args=[token]), "pay_label": words % amount}


def _story(found: Booking, at: datetime) -> dict[str, Any]:
    return {
        "headline": booking_text.headline(found),
        "story": booking_text.story(found, at),
        "track": booking_text.track(found),
        "next_steps": booking_text.next_steps(found),
        "payment_text": booking_text.payment_text(found, at),
        "deposit_text": booking_text.deposit_text(found),
    }


def _to_prove(found: Booking, at: datetime, address: AddressForm | None) -> dict[str, Any]:
    proof = proofs.waiting_proof(found)
    if proof is None:
        return {}
    form = address or AddressForm(initial={"email": found.email}, auto_id=NEW)
    return {"proof_text": booking_text.to_prove(found, proof.due_at, at), "address_form": form}


def rental_of(found: Booking, token: str) -> dict[str, Any]:
    """What is booked, beside whatever a page is about."""
    return {
        "booking": found,
        "token": token,
        "car": found.car,
        "days": found.days,
        "quote": found.as_quoted,
        "opens": found.pickup_time,
        "closes": found.return_time,
        "total_label": booking_text.total_label(found),
        "no_deposit": booking_text.is_over(found),
        "ride": context_of_booked(found) if found.is_ride else None,
        "what": what_of(found),
        "when": when_of(found),
    }


def _qr(url: str) -> str:
    """The link as an SVG picture without inline styles."""
    label = _("QR code with the link to this booking")
    svg = segno.make(url, error="m").svg_inline(
        border=0, omitsize=True, dark="#13201b", svgclass=None, lineclass=None
    )
    return mark_safe(svg.replace("<svg", f'<svg role="img" aria-label="{label}"', 1))


@require_POST
@pin_protected
@look_again
def booking_requests(request: HttpRequest, token: str) -> HttpResponse:
    """Save phone number and special requests while the booking lasts."""
    found = booking_for(token)
    form = RequestsForm(request.POST, booking=found)
    if found.status not in LIVE:
        raise Forbidden(_("This booking can no longer be changed."))
    page = reverse("booking", args=[token])
    if "language" in request.POST:
        return _in_language(request, page)
    if not form.is_valid():
        return _page(request, found, token, form, status=422)
    change_booking(booking=found, to=form.asked, at=timezone.now())
    messages.success(request, _("Your changes are saved."))
    response = see_other(page)
    drop_typed(response, ("booking", [token]))
    return response


@require_POST
@pin_protected
def booking_address(request: HttpRequest, token: str) -> HttpResponse:
    """Another address while the booking waits for its proof. The page moves: the old link may be in wrong hands."""
    found = booking_for(token)
    if "language" in request.POST:
        return _in_language(request, reverse("booking", args=[token]))
    form = AddressForm(request.POST, auto_id=NEW)
    if not form.is_valid():
        return _page(request, found, token, RequestsForm(booking=found), address=form, status=422)
    hit("link_email", form.mailbox)
    moved = proofs.correct_address(email=form.cleaned_data["email"])
    messages.success(
        request, _("We have sent the link to %(email)s.") % {"email": form.cleaned_data["email"]}
    )
    return see_other(reverse("booking", args=[moved]))


@require_safe
@pin_protected
def booking_ics(request: HttpRequest, token: str) -> HttpResponse:
    """The booking for a calendar program."""
    found = booking_for(token)
    file = calendar_file(found, url=booking_url(token, found.language), at=timezone.now())
    response = HttpResponse(file, content_type=f"{media_type(found)}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.reference}.ics"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@pin_protected
def booking_cancellation(request: HttpRequest, token: str) -> HttpResponse:
    """GET says what comes back; POST cancels. Posted twice, it answers with the cancelled booking."""
    at = timezone.now()
    found = booking_for(token)
    if request.method == "POST":
        cancel(booking=found, at=at)
        messages.success(request, _("Your booking is cancelled. We have sent you an email."))
        return see_other(reverse("booking", args=[token]))
    if not found.customer_may_cancel(at):
        return redirect("booking", token=token)
    fact, rest, free = booking_text.refund(found, at)
    context = {"refund_fact": fact, "refund_rest": rest, "free_now": free, **rental_of(found, token)}
    return render(request, "bookings/cancellation.html", context)


@require_safe
@private
def booking_unprefixed(request: Request, token: str) -> HttpResponse:
    """A link without a language leads to the page in the booking's own, or in the reader's when there is none."""
    try:
        language = booking_for(token).language
    except NotFound:
        request.opened_nothing = True
        return redirect("booking", token=token)
    with override(language):
        return redirect("booking", token=token)
