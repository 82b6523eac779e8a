"""PINs of booking links: the page that asks for one, and the page that sets, changes and removes it."""

from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.errors import NotFound, TooManyRequests
from bookings.forms.link import PinForm
from bookings.links.lookup import booking_for
from bookings.links.pins import Lock, PinWrong, enter_pin, look_at_link, remove_pin, set_pin
from bookings.views.cookies import keep_pin, kept_pin
from bookings.views.decorators import View, private, see_other
from exodrive.http.refusals import retry_later
from exodrive.http.request import Request
from exodrive.rls import show_pin


def pin_protected(view: View) -> View:
    """As `private`, for pages of a booking: where the link has a PIN that this browser has not shown, only its page.

    The database holds the wall; this answers with the way through it. GETs of the booking page itself are counted.
    """

    @private
    @wraps(view)
    def wrapped(request: Request, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        show_pin(kept_pin(request, token))
        page = request.resolver_match.url_name if request.resolver_match else ""
        request.lock = lock = look_at_link(count=page == "booking" and request.method == "GET")
        if lock and not lock.is_open:
            return _ask(request, token, PinForm(), status=403)
        return view(request, token, *args, **kwargs)

    return wrapped


@require_http_methods(["GET", "HEAD", "POST"])
@private
def booking_entry(request: HttpRequest, token: str) -> HttpResponse:
    """POST with the right PIN lets this browser in for PIN_LIFE; wrong ones look alike, and more and more wait."""
    lock = look_at_link()
    if lock is None:
        raise NotFound
    if not lock.has_pin:
        return redirect("booking", token=token)
    form = PinForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask(request, token, form, status=422 if form.is_bound else 200)
    return _enter(request, token, lock, form)


def _enter(request: HttpRequest, token: str, lock: Lock, form: PinForm) -> HttpResponse:
    try:
        proof = enter_pin(form.cleaned_data["pin"], lock)
    except (PinWrong, TooManyRequests) as refusal:
        form.add_error("pin", str(refusal.message))
        return retry_later(_ask(request, token, form, status=422), refusal)
    response = see_other(reverse("booking", args=[token]))
    keep_pin(response, token, proof)
    return response


def _ask(request: HttpRequest, token: str, form: PinForm, *, status: int) -> HttpResponse:
    context = {"token": token, "form": form, "errors": form.summary if form.is_bound else []}
    return render(request, "bookings/pin_entry.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@pin_protected
def booking_pin(request: HttpRequest, token: str) -> HttpResponse:
    """Sets or changes the PIN of the link; `remove` takes it away."""
    found = booking_for(token)
    if request.method == "POST" and "remove" in request.POST:
        remove_pin(booking=found)
        messages.success(request, _("The PIN is removed. The link alone opens your booking again."))
        return see_other(reverse("booking", args=[token]))
    form = PinForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {
            "token": token,
            "form": form,
            "booking": found,
            "errors": form.summary if form.is_bound else [],
        }
        return render(request, "bookings/pin.html", context, status=422 if form.is_bound else 200)
    proof = set_pin(booking=found, pin=form.cleaned_data["pin"])
    messages.success(request, _("The PIN is set. Give it only to people who may see your booking."))
    response = see_other(reverse("booking", args=[token]))
    keep_pin(response, token, proof)
    return response
