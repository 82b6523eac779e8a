"""Not to rent to somebody, and to do it again: a manager decides, with a reason."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bookings.errors import BookingError, Invalid
from bookings.forms.base import show_refusal
from bookings.lifecycle.do_not_rent import lift_mark, mark_customer
from bookings.models import Booking, DoNotRent
from inbox.desk import booking as booking_detail
from inbox.desk.language import in_any_language, only_language
from inbox.desk.responses import done, next_url, page_of, refused
from inbox.forms.base import errors_of
from inbox.forms.booking import DoNotRentForm
from inbox.permissions import StaffRequest, manager_required


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
@in_any_language
def do_not_rent(request: StaffRequest, pk: UUID) -> HttpResponse:
    """`/staff/bookings/<uuid>/do-not-rent/`: asks why."""
    found = booking_detail.find(pk)
    if found.erased_at:
        return refused(request, found, Invalid(_("The personal data of this booking is erased.")))
    form = DoNotRentForm(request.POST if request.method == "POST" else None)
    if only_language(request) or not form.is_valid():
        return _ask(request, found, form)
    try:
        mark_customer(booking=found, reason=form.cleaned_data["reason"])
    except Invalid as refusal:
        show_refusal(form, refusal)
        return _ask(request, found, form)
    return done(request, found, _("Noted: we do not rent to %(name)s.") % {"name": found.full_name})


@require_POST
@manager_required
def rent_again(request: StaffRequest, pk: UUID, mark_id: int) -> HttpResponse:
    """Lift a mark."""
    found = booking_detail.find(pk)
    try:
        lift_mark(mark=get_object_or_404(DoNotRent, pk=mark_id), at=timezone.now())
    except BookingError as refusal:
        return refused(request, found, refusal)
    return done(request, found, _("%(name)s may rent again.") % {"name": found.full_name})


def _ask(request: StaffRequest, found: Booking, form: DoNotRentForm) -> HttpResponse:
    context = {
        "booking": found,
        "form": form,
        "typed_form": "typed",
        "years": settings.DO_NOT_RENT_YEARS,
        "errors": errors_of(form) if form.is_bound else [],
        "next_url": next_url(request, page_of(found)),
        "back_url": next_url(request, page_of(found)),
        "back_label": found.full_name,
        "section": "inbox",
        "title": _("Do not rent to %(name)s") % {"name": found.full_name},
    }
    return render(request, "inbox/do_not_rent.html", context, status=422 if form.errors else 200)
