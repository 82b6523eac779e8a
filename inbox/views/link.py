"""Who booked, and their secret link: correct a name or an address, replace the link, protect it with a PIN."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bookings.errors import Invalid
from bookings.forms.base import show_refusal
from bookings.forms.link import PinForm
from bookings.lifecycle.again import look_again
from bookings.links.pins import set_pin
from bookings.models import Booking
from inbox.desk import actions as actions
from inbox.desk import booking as booking_detail
from inbox.desk.language import in_any_language, only_language
from inbox.desk.responses import booking_context, done, next_url, page_of, refused
from inbox.forms.base import errors_of
from inbox.forms.booking import CustomerForm
from inbox.permissions import StaffRequest, manager_required, staff_required
from inbox.views.booking import page


@require_POST
@manager_required
def new_link(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Replace the link; the customer is mailed the new one."""
    found = booking_detail.find(pk)
    try:
        actions.replace_link(booking=found)
    except Invalid as refusal:
        return refused(request, found, refusal)
    return done(request, found, _("The old link is dead. The new one is on its way to the customer."))


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
@in_any_language
@look_again
def customer(request: StaffRequest, pk: UUID) -> HttpResponse:
    """`/staff/bookings/<uuid>/customer/`: another name or address, heard from the customer."""
    found = booking_detail.find(pk)
    if found.erased_at:
        return refused(request, found, Invalid(_("The personal data of this booking is erased.")))
    form = CustomerForm(request.POST if request.method == "POST" else None, booking=found)
    if only_language(request) or not form.is_valid():
        return _ask(request, found, form)
    try:
        moved = actions.correct_customer(booking=found, who=form.person)
    except Invalid as refusal:
        show_refusal(form, refusal)
        return _ask(request, found, form)
    email = form.cleaned_data["email"]
    words = (
        _("The old link is dead. The new one is on its way to %(email)s.")
        if found.email
        else _("The link to the booking is on its way to %(email)s.")
    )
    return done(request, found, words % {"email": email} if moved else _("Saved."))


def _ask(request: StaffRequest, found: Booking, form: CustomerForm) -> HttpResponse:
    title = _("Correct name or email of %(name)s") if found.email else _("Add an email address for %(name)s")
    context = {
        "booking": found,
        "form": form,
        "typed_form": "typed",
        "errors": errors_of(form) if form.is_bound else [],
        "next_url": next_url(request, page_of(found)),
        "back_url": next_url(request, page_of(found)),
        "back_label": found.full_name,
        "section": "inbox",
        "title": title % {"name": found.full_name},
    }
    return render(request, "inbox/customer.html", context, status=422 if form.errors else 200)


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
