"""Who does what with one booking: take it on, put it aside, come back to it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.errors import Invalid
from exodrive.i18n import formats
from inbox.desk import booking as booking_detail
from inbox.desk.responses import booking_context, done
from inbox.desk.triage import sharing
from inbox.forms.base import Plain, errors_of
from inbox.forms.triage import FollowUpForm, SnoozeForm
from inbox.permissions import StaffRequest, staff_required
from inbox.views.booking import page


@require_POST
@staff_required
def claim(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take a booking on, also from a colleague; with `act=give_back` nobody has it any more."""
    found = booking_detail.row(pk)
    name = {"name": found.full_name}
    if request.POST.get("act") == "give_back":
        sharing.give_back(booking=found)
        return done(request, found, _("Nobody is assigned to %(name)s any more.") % name)
    had = sharing.claim(booking=found, by=request.staff)
    if had and had != request.staff:
        words = _("%(name)s is now yours; %(who)s had it.")
        return done(request, found, words % {"name": found.full_name, "who": had})
    return done(request, found, _("%(name)s is now yours.") % name)


@require_POST
@staff_required
def snooze(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Hide a booking from the Pending tab until a day; with `act=wake` it comes back at once."""
    if request.POST.get("act") == "wake":
        found = booking_detail.row(pk)
        sharing.wake(booking=found)
        return done(request, found, _("%(name)s is back in Pending.") % {"name": found.full_name})
    found, form = booking_detail.find(pk), SnoozeForm(request.POST)
    if not form.is_valid():
        return _asked_again(request, found, form, "snooze_form")
    until = form.cleaned_data["until"]
    try:
        sharing.snooze(booking=found, until=until, at=timezone.now())
    except Invalid as refusal:
        form.add_error("until", str(refusal.message))
        return _asked_again(request, found, form, "snooze_form")
    words = _("%(name)s comes back on %(day)s.")
    return done(request, found, words % {"name": found.full_name, "day": formats.day(until)})


@require_POST
@staff_required
def follow_up(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Set the day of a follow-up; with `act=done` it is crossed off."""
    found, form = booking_detail.find(pk), FollowUpForm(request.POST)
    name = {"name": found.full_name}
    if request.POST.get("act") == "done":
        sharing.follow_up(booking=found, on=None)
        return done(request, found, _("The follow-up of %(name)s is done.") % name)
    if not form.is_valid():
        return _asked_again(request, found, form, "follow_up_form")
    sharing.follow_up(booking=found, **form.cleaned_data)
    day = formats.day(form.cleaned_data["on"])
    return done(request, found, _("Follow-up of %(name)s on %(day)s.") % (name | {"day": day}))


def _asked_again(
    request: StaffRequest, found: booking_detail.Booking, form: Plain, name: str
) -> HttpResponse:
    context = booking_context(request, found, **{name: form})
    if request.htmx:
        return render(request, "inbox/_booking.html", context | {"live": True}, status=422)
    kind = name.removesuffix("_form").replace("_", "-")
    errors = [
        (target.replace("id_", f"{kind}-", 1) + f"-{found.pk}", words) for target, words in errors_of(form)
    ]
    return page(request, context | {"errors": errors}, status=422)
