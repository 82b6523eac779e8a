"""Giving a customer the keys, and undoing that within minutes."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.errors import InvalidTransition
from bookings.events import refusals_logged
from bookings.lifecycle.checklist import HandOver
from bookings.lifecycle.keys.given import days_away, extras_go_along, give_keys, is_early, take_keys_back
from bookings.lifecycle.keys.undo import HAND_OVER_UNDONE, HandOverUndone
from bookings.lifecycle.locked import lock_booking
from bookings.lifecycle.stale import refuse_stale
from bookings.lifecycle.transitions import ACTIVE, UPCOMING, move_locked, transition
from bookings.models import Booking
from exodrive.db.retry import retry_on_deadlock

NOTHING_NOTED = HandOver()


@refusals_logged()
@retry_on_deadlock()
def hand_over(
    *, booking: Booking, at: datetime, from_: str | None = None, record: HandOver = NOTHING_NOTED
) -> Booking:
    """The customer has the keys: an upcoming booking becomes active; on an active one only the fact is recorded.

    Raises as `give_keys`: CarIsOut, TooEarly, DatesTaken, Invalid (also for an extra that is not left on the days before);
    InvalidTransition a second time. Locks: car, extras (when it is early), booking.
    """
    with transaction.atomic(durable=True):
        return hand_over_within(booking=booking, at=at, from_=from_, record=record)


def hand_over_within(
    *, booking: Booking, at: datetime, from_: str | None = None, record: HandOver = NOTHING_NOTED
) -> Booking:
    """What `hand_over` does, as one of several things in a transaction that the caller lets fail."""
    days = days_away(booking, record, at)
    booking = lock_booking(booking, with_extras=days is not None, days=days)
    if booking.status != ACTIVE:
        move_locked(booking, ACTIVE, at, from_=from_, record=record)
        return booking
    refuse_stale(booking, from_)
    if booking.handed_over_at is not None:
        raise InvalidTransition(_("This car has been handed over already."))
    booking.save(update_fields=give_keys(booking, at, record))
    extras_go_along(booking)
    return booking


@refusals_logged()
@retry_on_deadlock()
def undo_hand_over(*, booking: Booking, at: datetime, from_: str | None = None) -> Booking:
    """The keys were not given after all: the fact is cleared, and before its pick-up day the booking is upcoming again.

    For UNDO_MINUTES, and as long as the car is not back: else InvalidTransition. Locks: car, extras, booking.
    """
    if booking.status == ACTIVE and is_early(booking, at):
        undone, why = HandOverUndone(), HAND_OVER_UNDONE
        return transition(booking=booking, to=UPCOMING, at=at, from_=from_, reason=why, record=undone)
    with transaction.atomic(durable=True):
        booking = lock_booking(booking, with_extras=True)
        refuse_stale(booking, from_)
        if booking.status != ACTIVE:
            raise InvalidTransition(_("There is no hand-over to undo."))
        booking.save(update_fields=take_keys_back(booking, at))
        extras_go_along(booking)
    return booking
