"""Giving a customer the keys, which asks first; an early one moves who is in its way to another car."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from bookings.days import ONE_DAY, Days
from bookings.errors import BookingError, CarIsOut, DatesTaken, Invalid
from bookings.lifecycle.keys import handover as verbs
from bookings.lifecycle.keys.given import who_has
from bookings.lifecycle.rehousing.sisters import LIVE
from bookings.lifecycle.rehousing.sisters import who_has as who_has_days
from bookings.models import Booking
from inbox.desk import booking as booking_detail
from inbox.desk.available_actions import HAND_OVER, HAND_OVER_EARLY
from inbox.desk.rehousing.presses import after_moves, listed, moved_one, moves_in
from inbox.desk.responses import done, refused
from inbox.forms.handover import HandOverForm
from inbox.permissions import StaffRequest, staff_required
from inbox.views.acting import ask, is_second_press

IN_THE_FORM = (CarIsOut, DatesTaken, Invalid)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def hand_over(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The customer gets the car: asks for the check, then records it."""
    booking = booking_detail.row(pk)
    typed = request.POST if request.method == "POST" else None
    form = HandOverForm(typed, booking=booking, at=timezone.now())
    if not form.is_valid():
        return _form(request, booking, form)
    sentence = _("%(name)s has the car.") % {"name": booking.full_name}
    try:
        if moved_one(request):
            return _moved_one(request, booking, form)
        given = _given(request, booking, form)
    except IN_THE_FORM as refusal:
        form.show(refusal)
        more = _in_the_way(booking) if isinstance(refusal, DatesTaken) else {}
        return _form(request, booking, form, status=refusal.status, **more)
    except BookingError as refusal:
        if is_second_press(request, refusal, Booking.Status.ACTIVE):
            return done(request, booking, sentence)
        return refused(request, booking, refusal)
    return done(request, given, sentence)


def _given(request: StaffRequest, booking: Booking, form: HandOverForm) -> Booking:
    """Handed over, after the bookings in its way have moved."""
    what: dict[str, Any] = {
        "booking": booking,
        "at": timezone.now(),
        "from_": request.POST.get("from") or None,
        "record": form.noted,
    }
    if not moves_in(request.POST):
        return verbs.hand_over(**what)
    return after_moves(request, partial(verbs.hand_over_within, **what), on=[booking.car_id])


def _moved_one(request: StaffRequest, booking: Booking, form: HandOverForm) -> HttpResponse:
    """The form again, as typed: in the panel it says itself what happened, and the list beside it follows."""
    said = get_messages(request) if request.htmx else ()
    response = _form(request, booking, form, status=200, said=said, **_in_the_way(booking))
    return trigger_client_event(response, "inboxChanged") if request.htmx else response


def _in_the_way(booking: Booking) -> dict[str, Any]:
    """Who has the days until the pick-up day, with the other cars that they could have."""
    at = timezone.now()
    today = booking.pick_up.today(at)
    if today >= booking.start_date:
        return {}
    others = who_has_days([booking.car_id], Days(today, booking.start_date - ONE_DAY))
    others = others.filter(status__in=LIVE).exclude(pk=booking.pk)
    return {
        "in_the_way": listed(others, at, avoiding=[booking.car_id]),
        "move_all": _("Move all and hand over early"),
    }


def _form(
    request: StaffRequest, booking: Booking, form: HandOverForm, status: int = 422, **more: Any
) -> HttpResponse:
    out = who_has(booking.car_id, but=booking)
    acts = [HAND_OVER, HAND_OVER_EARLY]
    return ask(request, booking, form, acts=acts, page="handover", status=status, out=out, **more)
