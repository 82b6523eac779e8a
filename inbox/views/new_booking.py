"""A booking by hand, through the same verb as everybody's."""

import secrets
from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.availability import ledger
from bookings.availability.as_of import AsOf
from bookings.days import Days
from bookings.errors import BookingError, Invalid, PriceChanged
from bookings.lifecycle.agreed import Agreed
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.idempotency import Idempotency
from bookings.lifecycle.quote_request import quote_of
from bookings.lifecycle.request import BookingRequest, Details, Person
from bookings.models import Booking
from cars.models import Car, Location
from cars.pricing.daily import Quote
from exodrive.numbers import small_number
from inbox.desk.alternatives import instead, instead_of
from inbox.desk.language import in_any_language, only_language
from inbox.desk.overdue import late_by_car
from inbox.desk.responses import SeeOther, page_of
from inbox.forms.adjustment import AdjustmentForm
from inbox.forms.base import errors_of, show_days_refused
from inbox.forms.booking import NewBookingForm
from inbox.permissions import StaffRequest, staff_required

NOBODY = Person("", "")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
@in_any_language
def new_booking(request: StaffRequest) -> HttpResponse:
    """`/staff/bookings/new/?car=&start=&end=`. Also answers with only the price, for htmx."""
    may_override = request.staff.is_manager
    if request.method != "POST" or "instead" in request.POST or only_language(request):
        form = NewBookingForm(initial=_initial(request), may_override=may_override)
        return _page(request, form, _offer(request, form.initial))
    form = NewBookingForm(request.POST, may_override=may_override)
    if not form.is_valid():
        return _page(request, form, _offer(request, request.POST), status=422)
    try:
        booking = _create(request, form)
    except BookingError as refusal:
        return _refused(request, form, refusal)
    sentence = _("%(reference)s is booked and pending. %(name)s gets an email.")
    messages.success(request, sentence % {"reference": booking.reference, "name": booking.full_name})
    return SeeOther(page_of(booking))


def _create(request: StaffRequest, form: NewBookingForm) -> Booking:
    asked, key = replace(form.asked, agreed=Agreed.typed(request.POST)), form.cleaned_data["key"]
    idempotency = Idempotency.of(key, asked.canonical, user_id=request.staff.pk)
    return create_booking(asked, at=timezone.now(), idempotency=idempotency)


def _refused(request: StaffRequest, form: NewBookingForm, refusal: BookingError) -> HttpResponse:
    show_days_refused(form, refusal)
    if isinstance(refusal, PriceChanged):
        return _page(request, form, _offer(request, request.POST), status=422)
    asked = form.asked
    offer = {
        "car": asked.car,
        "days": asked.days,
        "instead": instead_of(refusal, as_of=AsOf(timezone.now())),
    }
    return _page(request, form, offer, status=refusal.status)


def _initial(request: StaffRequest) -> dict[str, Any]:
    """From the calendar's link, or everything typed so far with another car or other days chosen instead."""
    typed = {name: str(value) for name, value in (request.POST or request.GET).items() if value}
    parts = typed.pop("instead", "").split("/")
    if len(parts) == 3:
        typed |= {"car": parts[0], "start": parts[1], "end": parts[2]}
    typed.setdefault("end", typed.get("start", ""))
    return {"language": get_language(), **typed, "key": secrets.token_urlsafe(16)}


def _offer(request: StaffRequest, asked: Any) -> dict[str, Any]:
    """Price and reasons against, once a car and days are chosen."""
    car = Car.objects.select_related("location").filter(pk=small_number(asked.get("car")) or 0).first()
    try:
        days = Days.parse(asked.get("start"), asked.get("end"))
    except Invalid:
        return {}
    if car is None:
        return {}
    at = timezone.now()
    against = ledger.reasons(car, days, as_of=AsOf(at))
    price = _price(BookingRequest(car, days, NOBODY, _places(asked)), request, asked)
    offer = {"car": car, "days": days, "quote": price, "agreed": Agreed.of(price), "against": against}
    offer["late"] = late_by_car(at, [car.pk]).get(car.pk)
    return offer | {"instead": instead(car, days, as_of=AsOf(at)) if against else []}


def _price(wanted: BookingRequest, request: StaffRequest, asked: Any) -> Quote:
    """As it will be booked; without an adjustment that cannot be made, which is said when it is sent."""
    form = AdjustmentForm(asked)
    if request.staff.is_manager and form.is_valid():
        with suppress(Invalid):
            return quote_of(replace(wanted, adjustment=form.adjustment))
    return quote_of(wanted)


def _places(asked: Any) -> Details:
    """The places chosen, also on a form that is not checked."""
    ids = [small_number(asked.get(name)) for name in ("pick_up", "drop_off")]
    places = Location.objects.in_bulk([pk for pk in ids if pk])
    pick_up, drop_off = (places.get(pk) if pk else None for pk in ids)
    return Details(pick_up=pick_up, drop_off=drop_off)


def _page(
    request: StaffRequest, form: NewBookingForm, offer: dict[str, Any], status: int = 200
) -> HttpResponse:
    if request.htmx:
        return render(request, "inbox/_offer.html", {"offer": offer})
    context = {"form": form, "errors": errors_of(form) if form.is_bound else [], "offer": offer}
    context["typed_form"] = "typed"
    context |= {"section": "calendar", "title": _("New booking")}
    return render(request, "inbox/new_booking.html", context, status=status)
