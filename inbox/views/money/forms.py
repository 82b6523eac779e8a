"""One form about money: shown in the panel or on a page of its own, and what follows when it is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from bookings.errors import BookingError, Forbidden
from bookings.forms.base import show_refusal
from bookings.models import Booking, Payment
from bookings.payments.provider import ProviderError
from inbox.desk import booking as booking_detail
from inbox.desk.language import only_language
from inbox.desk.responses import booking_context, done, next_url, page_of
from inbox.desk.words.provider_words import LATER, sentence_of
from inbox.forms.base import errors_of
from inbox.permissions import StaffRequest


@dataclass(frozen=True)
class Asked:
    """What a form is about: whose booking, its words, and its address."""

    booking: Booking
    url: str
    title: str
    button: str
    about: str = ""
    look: str = "btn--primary"
    lead: str = ""  # which payment


def payment_row(pk: UUID) -> Payment:
    """With its booking and car. Raises Http404."""
    return get_object_or_404(Payment.objects.select_related("booking__car__location"), pk=pk)


def answer(
    request: StaffRequest, asked: Asked, form: forms.Form, act: Callable[[], str], *, legal: bool = True
) -> HttpResponse:
    """Show the form, or do the act and say its sentence; what was refused stands in the form, with status 422.

    Who opens it by an old link when it is no longer `legal` gets the booking as it is. Raises Forbidden.
    """
    if not form.is_bound and not legal:
        return as_it_is(request, asked.booking)
    if only_language(request) or not form.is_valid():
        return _page(request, asked, form)
    try:
        sentence = act()
    except LATER as error:
        return done(request, asked.booking, sentence_of(error), warns=True)
    except (ProviderError, LookupError) as error:
        form.add_error(None, sentence_of(error))
    except Forbidden:
        raise
    except BookingError as refusal:
        show_refusal(form, refusal)
    else:
        return done(request, asked.booking, sentence)
    return _page(request, asked, form)


def as_it_is(request: StaffRequest, booking: Booking) -> HttpResponse:
    """The booking's panel, or its page."""
    if request.htmx:
        return render(request, "inbox/_panel.html", booking_context(request, booking_detail.find(booking.pk)))
    return redirect(page_of(booking))


def _page(request: StaffRequest, asked: Asked, form: forms.Form) -> HttpResponse:
    back = next_url(request, page_of(asked.booking))
    wrong = form.is_bound and bool(form.errors) and not only_language(request)
    context: dict[str, Any] = {
        "asked": asked,
        "booking": asked.booking,
        "form": form,
        "errors": errors_of(form) if wrong else [],
        "next_url": back,
        "back_url": f"{back}&booking={asked.booking.pk}" if request.htmx else back,
        "title": asked.title,
        "section": "inbox",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    if request.htmx:
        return render(request, "inbox/_money_form.html", context | {"live": True}, status=status)
    return render(request, "inbox/money_form.html", context | {"typed_form": "typed"}, status=status)
