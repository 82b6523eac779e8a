"""Showing that an address is one's own: by the link in the first mail, or by a code before anything is held."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.days import Days
from bookings.forms.link import CodeForm
from bookings.links import proof as proofs
from bookings.views.decorators import mark_private, private, see_other
from bookings.visitors import visitor_of
from cars.models import Car
from exodrive.http.client_ip import client_network
from exodrive.http.request import Request
from exodrive.i18n.formats import span
from exodrive.limits.rates import hit
from exodrive.rls import PUBLIC, acting_as


@require_safe
@private
def booking_proof(request: Request, token: str, proof: str) -> HttpResponse:
    """The link of the first mail: the car is kept, and the booking page says so."""
    if proofs.prove(proof):
        messages.success(
            request, _("Thank you: your email address is confirmed, and the car is kept for you.")
        )
    else:
        request.opened_nothing = True
    return see_other(reverse("booking", args=[token]))


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants kept: its name, when, and where it is asked for once more with which fields."""

    name: str
    when: str
    url: str
    fields: dict[str, Any]


def car_on(car: Car, days: Days) -> Asked:
    """A car for some days."""
    fields = {"start": days.start.isoformat(), "end": days.end.isoformat()}
    return Asked(car.name, span(days.start, days.end), reverse("car", args=[car.slug]), fields)


def ask_first(request: HttpRequest, asked: Asked, typed: dict[str, str]) -> HttpResponse:
    """Asks for an address, then for the code that was sent there; everything typed before is carried along."""
    form, status = CodeForm(request.POST if "email" in request.POST else None), 409
    if form.is_bound and form.is_valid():
        if form.cleaned_data["code"]:
            form.add_error(
                "code", _("This code is wrong or too old. Type the newest one, or ask for another.")
            )
        else:
            _send_code(request, form)
        status = 422 if form.errors else 200
    elif form.is_bound:
        status = 422
    context = {
        "form": form,
        "errors": form.summary if form.is_bound else [],
        "asked": asked,
        "fields": asked.fields.items(),
        "sent": form.is_bound and "email" not in form.errors,
        "typed": {name: value for name, value in typed.items() if name != "email"},
    }
    return mark_private(render(request, "bookings/prove.html", context, status=status))


def _send_code(request: HttpRequest, form: CodeForm) -> None:
    hit("link", client_network(request))
    hit("code_email", form.mailbox)
    with acting_as(PUBLIC):
        proofs.ask_for_code(
            email=form.cleaned_data["email"],
            visitor=visitor_of(request),
            language=(get_language() or "en")[:2],
        )


def code_of(request: HttpRequest) -> UUID | None:
    """What the code that was typed proves, when it is the one that was sent."""
    form = CodeForm(request.POST)
    if not (request.POST.get("code") and form.is_valid()):
        return None
    hit("code_email", "tries", visitor_of(request), form.mailbox)
    with acting_as(PUBLIC):
        return proofs.confirm_code(
            email=form.cleaned_data["email"], visitor=visitor_of(request), code=form.cleaned_data["code"]
        )
