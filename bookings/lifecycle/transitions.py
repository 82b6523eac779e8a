"""The life of a booking: one table of allowed moves and one function that makes them. The database checks again."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.availability.after_return import keep_until
from bookings.availability.changing_hands import confirm, release, shorten
from bookings.availability.extras import give_extras_back
from bookings.availability.hours.ended import move_hours
from bookings.errors import Forbidden, InvalidTransition
from bookings.events import log_moved, refusals_logged
from bookings.lifecycle.checklist import CallOff, Checklist, HandOver, NoShow, TakenBack
from bookings.lifecycle.keys.given import (
    days_away,
    extras_go_along,
    give_keys,
    refuse_while_out,
    take_keys_back,
)
from bookings.lifecycle.keys.undo import UNDOS, HandOverUndone, Undo
from bookings.lifecycle.locked import lock_booking
from bookings.lifecycle.managers import refuse_desk
from bookings.lifecycle.returning.bill import write_bill
from bookings.lifecycle.returning.recorded import AT_WISH, last_day, write_down_no_show, write_down_return
from bookings.lifecycle.stale import refuse_stale
from bookings.links.proof import vouch_for
from bookings.models import Booking
from bookings.models.paid import OVER
from bookings.signals import booking_status_changed
from exodrive.db.retry import retry_on_deadlock
from exodrive.rls import PUBLIC, STAFF, current, with_reason

PENDING, UPCOMING, ACTIVE, COMPLETED, CANCELLED, REFUNDED = Booking.Status

# The same table stands in the trigger `booking_status_rules`; a test compares the two.
TRANSITIONS: dict[str, set[str]] = {
    PENDING: {UPCOMING, CANCELLED},
    UPCOMING: {ACTIVE, CANCELLED},
    ACTIVE: {COMPLETED, CANCELLED},
    CANCELLED: {REFUNDED},
}

Record = HandOver | Checklist | CallOff | NoShow | Undo


def allowed_moves(status: str) -> set[str]:
    """Where a booking can go from a status."""
    return TRANSITIONS.get(status, set())


@refusals_logged()
@retry_on_deadlock()
def transition(
    *,
    booking: Booking,
    to: str,
    at: datetime,
    from_: str | None = None,
    reason: str = "",
    record: Record | None = None,
) -> Booking:
    """Move a booking; the only writer of its status. Who moves it is the identity in force.

    `from_` is compared first: StatusChanged when it is not the status any more, or when the booking has another car
    than it had when it was read. Then the table: InvalidTransition. Then the checklist: Invalid, naming the fields, for
    damage without a note, for impossible numbers and instants; ChangedMeanwhile where its bill was made for another price.
    Forbidden where the desk refunds. `refunded` asks that money was paid and that all of it is back. CarIsOut where a
    customer has the car, TooEarly before the pick-up day (`bookings.lifecycle.keys.given`).
    `completed` records the return (with the checklist) and frees the days after it; `record` is what staff saw: that
    the keys were given, how the car came back, that neither happened, or that nobody came. Locks: car, extras (when it is
    cancelled, or its car leaves early), booking.
    """
    with transaction.atomic(durable=True), with_reason(reason):
        days = days_away(booking, record, at)
        touched = to == CANCELLED or days is not None or isinstance(record, HandOverUndone)
        booking = lock_booking(booking, with_extras=touched, days=days)
        move_locked(booking, to, at, from_=from_, record=record)
    return booking


def move_locked(
    booking: Booking, to: str, at: datetime, *, from_: str | None = None, record: Record | None = None
) -> None:
    """The same for a booking that the caller has locked, in the caller's transaction."""
    refuse_stale(booking, from_)
    _refuse_illegal(booking, to, record)
    _move(booking, to, at, record)


def _refuse_illegal(booking: Booking, to: str, record: Record | None) -> None:
    ways = UNDOS if isinstance(record, Undo) else TRANSITIONS
    if to not in ways.get(booking.status, set()) or _too_late_for_customer(booking, to):
        raise InvalidTransition(
            _("A booking that is %(from)s cannot become %(to)s.")
            % {"from": booking.get_status_display().lower(), "to": _named(to)}
        )
    if to == REFUNDED:
        refuse_desk()
        if booking.paid or not booking.refunded:
            raise InvalidTransition(_("It is refunded once all that was paid is back."))
    if to == CANCELLED:
        refuse_while_out(booking, record)


def _move(booking: Booking, to: str, at: datetime, record: Record | None = None) -> None:
    """A locked booking, on an allowed way."""
    previous, booking.status = booking.status, Booking.Status(to)
    changed = ["status"]
    if isinstance(record, HandOver):
        changed += give_keys(booking, at, record)
    if isinstance(record, HandOverUndone):
        changed += take_keys_back(booking, at)
    if isinstance(record, NoShow) and to == CANCELLED:
        changed += write_down_no_show(booking, at)
    if isinstance(record, CallOff) and record.wished and to == CANCELLED:
        booking.terms = {**booking.terms, AT_WISH: True}
        changed.append("terms")
    if to == COMPLETED:
        changed += _record_return(booking, at, record if isinstance(record, Checklist) else None)
    booking.save(update_fields=changed)
    _move_days(booking, previous, at)
    if isinstance(record, HandOver | HandOverUndone):
        extras_go_along(booking)
    if isinstance(record, Checklist):
        write_bill(booking, record.bill, at)
    booking_status_changed.send(Booking, booking=booking, previous=previous)
    log_moved(booking, previous)


def confirm_new(booking: Booking, at: datetime) -> None:
    """Staff confirm a booking with the press that makes it, in its transaction."""
    _move(booking, UPCOMING, at)


def cancel(
    *,
    booking: Booking,
    at: datetime,
    reason: str = "",
    from_: str | None = None,
    wished: bool = False,
    still_out: bool = False,
) -> Booking:
    """Cancel and free the days. Customers until 00:00 of the pick-up day (Forbidden after it), staff any time.

    CarIsOut while the customer has the car; a manager who says so (`still_out`) may all the same.

    Of what was paid the terms decide what comes back when it is the customer's wish (`wished`, where staff write it down);
    else all of it does, which is a manager's to give (Forbidden for the desk).
    """
    if booking.paid and not wished and current().role == STAFF:
        refuse_desk()
    if current().role == PUBLIC:
        if booking.status in (CANCELLED, REFUNDED):
            return booking  # the page was posted twice
        if booking.status in (PENDING, UPCOMING, ACTIVE) and not booking.customer_may_cancel(at):
            raise Forbidden(_("The pick-up day has begun: call us to cancel."))
    record = CallOff(wished, still_out) if current().role == STAFF else None
    return transition(booking=booking, to=CANCELLED, at=at, from_=from_, reason=reason, record=record)


def take_back(*, booking: Booking, at: datetime, checklist: Checklist, from_: str | None = None) -> Booking:
    """The car is back: complete the booking with the checklist. Raises InvalidTransition before the hand-over.

    Of a booking that was cancelled while its car was out only the fact is recorded.
    """
    if booking.status in OVER and booking.is_out:
        return _take_back_only(booking, at, checklist, from_)
    back = TakenBack(**{one.name: getattr(checklist, one.name) for one in fields(checklist)})
    return transition(booking=booking, to=COMPLETED, at=at, from_=from_, record=back)


@refusals_logged()
@retry_on_deadlock()
def _take_back_only(booking: Booking, at: datetime, checklist: Checklist, from_: str | None) -> Booking:
    with transaction.atomic(durable=True):
        booking = lock_booking(booking)
        refuse_stale(booking, from_)
        if not (booking.status in OVER and booking.is_out):
            raise InvalidTransition(_("This car is back already."))
        booking.save(update_fields=write_down_return(booking, at, checklist))
    return booking


def _too_late_for_customer(booking: Booking, to: str) -> bool:
    """A rental that began is out of its customer's hands; it may have begun a moment ago."""
    return current().role == PUBLIC and to == CANCELLED and booking.status == ACTIVE


def _named(status: str) -> str:
    return str(Booking.Status(status).label).lower() if status in Booking.Status.values else status


def _record_return(booking: Booking, at: datetime, checklist: Checklist | None) -> list[str]:
    if isinstance(checklist, TakenBack) and booking.handed_over_at is None:
        raise InvalidTransition(_("Hand the car over before you take it back."))
    return write_down_return(booking, at, checklist)


def _move_days(booking: Booking, previous: Any, at: datetime) -> None:
    if booking.is_ride:
        move_hours(booking, at)
        if booking.status == CANCELLED:
            give_extras_back(booking)
        elif previous == PENDING:
            vouch_for(booking, at)
    elif booking.status == CANCELLED:
        if booking.kept_until:
            keep_until(booking, booking.kept_until)
        else:
            release(booking)
        give_extras_back(booking)
    elif previous == PENDING:
        confirm(booking)
        vouch_for(booking, at)
    elif booking.status == COMPLETED and last_day(booking) < booking.end_date:
        shorten(booking, last_day(booking))
