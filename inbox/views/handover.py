"""Giving a customer the keys, which asks first."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.errors import BookingError, CarIsOut, DatesTaken, Invalid
from bookings.lifecycle.keys import handover as verbs
from bookings.lifecycle.keys.given import who_has
from bookings.models import Booking
from inbox.desk import booking as booking_detail
from inbox.desk.available_actions import HAND_OVER, HAND_OVER_EARLY
from inbox.desk.responses import done, refused
from inbox.forms.handover import HandOverForm
from inbox.permissions import StaffRequest, staff_required
from inbox.views.acting import ask, is_second_press, moved

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
        given = moved(request, booking, verbs.hand_over, record=form.noted)
    except IN_THE_FORM as refusal:
        form.show(refusal)
        return _form(request, booking, form, status=refusal.status)
    except BookingError as refusal:
        if is_second_press(request, refusal, Booking.Status.ACTIVE):
            return done(request, booking, sentence)
        return refused(request, booking, refusal)
    return done(request, given, sentence)


def _form(request: StaffRequest, booking: Booking, form: HandOverForm, status: int = 422) -> HttpResponse:
    out = who_has(booking.car_id, but=booking)
    acts = [HAND_OVER, HAND_OVER_EARLY]
    return ask(request, booking, form, acts=acts, page="handover", status=status, out=out)
