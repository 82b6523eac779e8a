"""The secret link of a booking's customer: replace it, protect it with a PIN."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.forms.link import PinForm
from bookings.links.pins import set_pin
from inbox.desk import actions as actions
from inbox.desk import booking as booking_detail
from inbox.desk.responses import booking_context, done
from inbox.forms.base import errors_of
from inbox.permissions import StaffRequest, manager_required, staff_required
from inbox.views.booking import page


@require_POST
@manager_required
def new_link(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Replace the link; the customer is mailed the new one."""
    found = booking_detail.find(pk)
    actions.replace_link(booking=found)
    return done(request, found, _("The old link is dead. The new one is on its way to the customer."))


@require_POST
@staff_required
def pin(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Set a PIN on the link, or another one."""
    found, form = booking_detail.find(pk), PinForm(request.POST)
    if not form.is_valid():
        context = booking_context(request, found, pin_form=form)
        if request.htmx:
            return render(request, "inbox/_booking.html", context | {"live": True}, status=422)
        return page(request, context | {"errors": errors_of(form)}, status=422)
    set_pin(booking=found, pin=form.cleaned_data["pin"])
    return done(request, found, _("The PIN is set. Tell the customer."))
