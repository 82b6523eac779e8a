"""A return that was written down wrongly: corrected afterwards, or undone soon."""

import json
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from bookings.availability.after_return import follow_return
from bookings.errors import ChangedMeanwhile, DatesTaken, Forbidden, Invalid, InvalidTransition
from bookings.events import log_moved, refusals_logged
from bookings.lifecycle.checklist import Bill, Checklist
from bookings.lifecycle.keys.given import who_has
from bookings.lifecycle.keys.undo import may_undo
from bookings.lifecycle.locked import lock_booking
from bookings.lifecycle.returning.bill import told, write_bill
from bookings.lifecycle.returning.recorded import FACTS, last_day, write_down_return
from bookings.lifecycle.stale import refuse_stale
from bookings.models import Booking
from bookings.signals import booking_status_changed
from exodrive.db.retry import retry_on_deadlock
from exodrive.rls import STAFF, current, with_reason

# The trigger `booking_status_rules` says the same.
UNDONE = "undone"  # the reason in the history
NO_FACTS = {
    "returned_at": None,
    "return_odometer_km": None,
    "return_fuel_eighths": None,
    "return_damage": None,
}


def can_be_undone(booking: Booking, at: datetime) -> bool:
    """Whether the car was taken back a moment ago."""
    return booking.status == Booking.Status.COMPLETED and may_undo(booking.status_changed_at, at)


def mark_of(booking: Booking) -> str:
    """Stands for how the car came back and what that costs: it tells later whether somebody else has corrected it."""
    known = [str(getattr(booking, name)) for name in FACTS] + [booking.quote]
    return salted_hmac("bookings.lifecycle.keys.returns", json.dumps(known, sort_keys=True)).hexdigest()


@refusals_logged()
@retry_on_deadlock()
def correct_return(*, booking: Booking, at: datetime, checklist: Checklist, mark: str) -> Booking:
    """Write down anew how a car came back, with what that costs; days and history follow. `mark` is of what was read.

    Raises InvalidTransition for a car that is not back, Invalid as a return does, ChangedMeanwhile when somebody has
    corrected it since it was read, DatesTaken when it comes back later than written and somebody has those days by now,
    Forbidden where the desk gives money back. What was noted before goes with the change. Locks: car, booking.
    """
    if current().role != STAFF:
        raise Forbidden
    with transaction.atomic(durable=True):
        now = lock_booking(booking)
        _refuse_uncorrectable(now, mark)
        was, noted = told(now), now.return_note
        now.save(update_fields=write_down_return(now, at, checklist))
        _days_follow(now)
        was_noted = noted if noted != now.return_note else ""
        write_bill(now, replace(checklist.bill, why=was_noted), at, was=was)
    return now


def _refuse_uncorrectable(now: Booking, mark: str) -> None:
    if now.status != Booking.Status.COMPLETED:
        raise InvalidTransition(_("There is no return to correct: the car is not back."))
    if now.erased_at is not None:
        raise Invalid(_("The personal data of this booking is erased."))
    if not constant_time_compare(mark, mark_of(now)):
        raise ChangedMeanwhile


def _days_follow(booking: Booking) -> None:
    try:
        follow_return(booking, last_day(booking))
    except DatesTaken as taken:
        words = _("Somebody has the car by now on days that this booking would need.")
        raise DatesTaken(words, **taken.details) from taken


@refusals_logged()
@retry_on_deadlock()
def undo_return(*, booking: Booking, at: datetime, from_: str | None = None) -> Booking:
    """The car was not taken back after all: the booking is active again, as before, with its days and its price.

    Raises StatusChanged, InvalidTransition later than 15 minutes after it was taken back and when the car is out with
    somebody else, DatesTaken when somebody has its days by now. Locks: car, booking.
    """
    if current().role != STAFF:
        raise Forbidden
    with transaction.atomic(durable=True), with_reason(UNDONE):
        booking = lock_booking(booking)
        refuse_stale(booking, from_)
        _refuse_undoing(booking, at)
        _take_out_again(booking, at)
    return booking


def _take_out_again(booking: Booking, at: datetime) -> None:
    previous, booking.status = booking.status, Booking.Status.ACTIVE
    for name, value in (NO_FACTS | {"return_note": ""}).items():
        setattr(booking, name, value)
    booking.save(update_fields=["status", *FACTS])
    _days_follow(booking)
    write_bill(booking, Bill(), at)
    booking_status_changed.send(Booking, booking=booking, previous=previous)
    log_moved(booking, previous)


def _refuse_undoing(booking: Booking, at: datetime) -> None:
    if not can_be_undone(booking, at):
        raise InvalidTransition(
            _("Only a return of the last 15 minutes can be undone. Correct the return instead.")
        )
    if other := who_has(booking.car_id, but=booking):
        words = _("The car is out again, with %(reference)s.")
        raise InvalidTransition(words % {"reference": other.reference})
