"""Cars that come back, early, late or not as it was written down; and customers who never came."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.errors import BookingError, ChangedMeanwhile, InvalidTransition, StatusChanged
from bookings.lifecycle import transitions
from bookings.lifecycle.checklist import Charge, Checklist
from bookings.lifecycle.keys import no_show as no_shows
from bookings.lifecycle.keys import returns
from bookings.lifecycle.returning.bill import EARLY
from bookings.lifecycle.returning.odometer import is_doubtful, last_reading
from bookings.lifecycle.returning.proposals import proposals, unused_days
from bookings.lifecycle.returning.recorded import impossible_moment
from bookings.models import Booking
from bookings.models.paid import OVER
from bookings.payments.terms import refund_if_cancelled
from exodrive.i18n.formats import money
from inbox.desk import booking as booking_detail
from inbox.desk.available_actions import NO_SHOW, TAKE_BACK, offered
from inbox.desk.responses import SeeOther, done, next_url, page_of, refused
from inbox.forms.returns import NoShowForm, ReturnForm, written_down
from inbox.permissions import StaffRequest, staff_required
from inbox.views.asking import ask
from inbox.views.money.forms import as_it_is

FORM = ["GET", "HEAD", "POST"]


@require_http_methods(FORM)
@staff_required
def take_back(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The car is back: asks for the checklist, then what it costs where that is anything, then completes the booking."""
    booking, at = booking_detail.row(pk), timezone.now()
    if request.method != "POST":
        if TAKE_BACK not in offered(booking, waiting=False):
            return as_it_is(request, booking)
        return ask(request, booking, "return", ReturnForm(booking=booking, initial=_now(booking, at)))
    form = ReturnForm(request.POST, booking=booking)
    if not form.is_valid():
        return ask(request, booking, "return", form)
    if unseen := _unseen(request, form, at):
        return unseen
    decided, seen = form.decided, _seen(request)
    try:
        moved = transitions.take_back(booking=booking, at=at, checklist=decided, from_=seen)
    except BookingError as refusal:
        return _again_or_refused(request, form, refusal)
    return _back(request, moved, _("%(name)s has returned the car.") % {"name": booking.full_name})


@require_http_methods(FORM)
@staff_required
def correction(request: StaffRequest, pk: UUID) -> HttpResponse:
    """`/staff/bookings/<uuid>/return/correction/`: what was written down wrongly, with what that costs."""
    booking, at = booking_detail.row(pk), timezone.now()
    if booking.status != Booking.Status.COMPLETED or booking.erased_at:
        return as_it_is(request, booking)
    more: dict[str, Any] = {"correcting": True, "mark": request.POST.get("mark") or returns.mark_of(booking)}
    if request.method != "POST":
        return ask(
            request,
            booking,
            "return",
            ReturnForm(booking=booking, initial=_written(request, booking)),
            **more,
        )
    form = ReturnForm(request.POST, booking=booking)
    if not form.is_valid():
        return ask(request, booking, "return", form, **more)
    if unseen := _unseen(request, form, at, **more):
        return unseen
    try:
        returns.correct_return(booking=booking, at=at, checklist=form.decided, mark=more["mark"])
    except BookingError as refusal:
        return _again_or_refused(request, form, refusal, **more)
    return done(request, booking, _("The return of %(name)s is corrected.") % {"name": booking.full_name})


@require_http_methods(FORM)
@staff_required
def no_show(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Nobody came: asks first, because it is told to the customer."""
    booking, at = booking_detail.row(pk), timezone.now()
    form = NoShowForm(request.POST if request.method == "POST" else None)
    if not form.is_bound and NO_SHOW not in offered(booking, waiting=False):
        return as_it_is(request, booking)
    if not form.is_valid():
        return ask(request, booking, "no_show", form, **_what_comes_back(booking, at))
    try:
        over = no_shows.no_show(booking=booking, at=at, from_=_seen(request), reason=form.said)
    except BookingError as refusal:
        return refused(request, booking, refusal)
    return done(request, over, _("%(name)s did not come: the booking is over.") % {"name": booking.full_name})


def _seen(request: StaffRequest) -> str | None:
    """The status that the reader saw."""
    return request.POST.get("from") or None


def _what_comes_back(booking: Booking, at: datetime) -> dict[str, Any]:
    back = refund_if_cancelled(booking, at)
    return {"comes_back": money(back) if back else "", "paid": booking.paid}


def _now(booking: Booking, at: datetime) -> dict[str, Any]:
    local = at.astimezone(booking.drop_off.zone)
    return {"day": local.date(), "clock": local.time()}


def _written(request: StaffRequest, booking: Booking) -> dict[str, Any]:
    """The return as it was written down, with what it cost beside what it would."""
    came_back = booking.returned_at or timezone.now()
    if booking.return_odometer_km is None:
        return _now(booking, came_back)
    facts = {
        "odometer": booking.return_odometer_km,
        "fuel": booking.return_fuel_eighths,
        "damage": "yes" if booking.return_damage else "no",
        "note": booking.return_note,
        "sure": str(booking.return_odometer_km),
    }
    return _now(booking, came_back) | facts | _charged(request, booking, came_back)


def _charged(request: StaffRequest, booking: Booking, came_back: datetime) -> dict[str, Any]:
    """What the facts come to; ticked is what stands on the quote, at its amount."""
    km, fuel = booking.return_odometer_km or 0, booking.return_fuel_eighths or 0
    found = _found(request, booking, Checklist(km, fuel, damage=False, returned_at=came_back), came_back)
    charged = {line.code: line.amount.amount for line in booking.as_quoted.lines}
    shown: dict[str, Any] = {"shown": written_down(found)}
    for kind in charged.keys() & {one.kind for one in found}:
        shown |= {f"charge_{kind}": "on", f"amount_{kind}": charged[kind]}
    return shown


def _found(request: StaffRequest, booking: Booking, seen: Checklist, at: datetime) -> list[Charge]:
    """What is to be decided: unused days by managers, and where they were taken off already."""
    if booking.status in OVER:
        return []  # it was called off while the car was out: only the fact is recorded
    found = proposals(booking, seen, at)
    taken_off = any(line.code == EARLY for line in booking.as_quoted.lines)
    if request.staff.is_manager or taken_off:
        found += unused_days(booking, seen.returned_at or at)
    return found


def _unseen(request: StaffRequest, form: ReturnForm, at: datetime, **more: Any) -> HttpResponse | None:
    """The form once more, where its reader has not seen a question or a charge that follows from what was typed."""
    booking, seen = form.booking, form.checklist
    if seen.problems or impossible_moment(booking, seen.returned_at, at):
        return None
    came_back = seen.returned_at or at
    last, found = last_reading(booking, came_back), _found(request, booking, seen, at)
    doubts = is_doubtful(seen.odometer, came_back, last) and not form.is_sure()
    if form.has_shown(found) and not doubts:
        return None
    again = form.showing(found)
    if doubts and last:
        again.doubt(seen.odometer, last.km, last.at.astimezone(booking.drop_off.zone).date())
    return ask(request, booking, "return", again, status=422 if again.errors else 200, **more)


def _again_or_refused(
    request: StaffRequest, form: ReturnForm, refusal: BookingError, **more: Any
) -> HttpResponse:
    """Nothing that was typed is lost, unless the booking has moved on."""
    if isinstance(refusal, StatusChanged | InvalidTransition):
        return refused(request, form.booking, refusal)
    form.show(refusal)
    if isinstance(refusal, ChangedMeanwhile):
        more |= {"mark": returns.mark_of(booking_detail.row(form.booking.pk))}
    return ask(request, form.booking, "return", form, status=refusal.status, **more)


def _back(request: StaffRequest, booking: Booking, sentence: str) -> HttpResponse:
    """After damage to the booking itself, where the car can be blocked."""
    answer = done(request, booking, sentence)
    if booking.return_damage and not request.htmx:
        back = next_url(request)
        return SeeOther(page_of(booking) + (f"?{urlencode({'next': back})}" if back else ""))
    return answer
