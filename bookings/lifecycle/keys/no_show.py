"""Nobody came for the car: an end of its own."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.errors import Forbidden, InvalidTransition
from bookings.events import refusals_logged
from bookings.lifecycle.checklist import NoShow
from bookings.lifecycle.locked import lock_booking
from bookings.lifecycle.stale import refuse_stale
from bookings.lifecycle.transitions import move_locked
from bookings.models import Booking
from exodrive.db.retry import retry_on_deadlock
from exodrive.rls import PUBLIC, current, with_reason

NOBODY_CAME = "no_show"  # the reason in the history where staff write none


def may_be_no_show(booking: Booking, at: datetime) -> bool:
    """Whether the pick-up time has come and the car has not gone."""
    waits = booking.status in (Booking.Status.UPCOMING, Booking.Status.ACTIVE)
    return waits and booking.handed_over_at is None and booking.pickup_at <= at


@refusals_logged()
@retry_on_deadlock()
def no_show(*, booking: Booking, at: datetime, from_: str | None = None, reason: str = "") -> Booking:
    """Cancel a booking because nobody came; what comes back follows its terms, as if it had been cancelled now.

    It keeps its days until today (where the car waits), the others are free at once. Raises StatusChanged,
    InvalidTransition before the pick-up time and once the car was handed over, Forbidden for customers. Locks: car,
    extras, booking.
    """
    if current().role == PUBLIC:
        raise Forbidden
    with transaction.atomic(durable=True), with_reason(reason or NOBODY_CAME):
        booking = lock_booking(booking, with_extras=True)
        refuse_stale(booking, from_)
        _refuse_unless_nobody_came(booking, at)
        move_locked(booking, Booking.Status.CANCELLED, at, record=NoShow())
    return booking


def _refuse_unless_nobody_came(booking: Booking, at: datetime) -> None:
    if booking.handed_over_at is not None:
        raise InvalidTransition(_("The car was handed over: this is no no-show."))
    if not may_be_no_show(booking, at):
        raise InvalidTransition(
            _(
                "Only a confirmed booking whose pick-up time has come and whose car has not gone can be a no-show."
            )
        )
