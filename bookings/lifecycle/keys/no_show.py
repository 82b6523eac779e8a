"""Nobody came for the car: an end of its own, which is taken back when somebody did."""

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.availability.changing_hands import release
from bookings.availability.extras import book_extras
from bookings.availability.ledger import claim
from bookings.errors import DatesTaken, Forbidden, Invalid, InvalidTransition
from bookings.events import log_moved, refusals_logged
from bookings.lifecycle.checklist import NoShow
from bookings.lifecycle.keys.undo import may_undo
from bookings.lifecycle.locked import lock_booking
from bookings.lifecycle.managers import may_manage, refuse_desk
from bookings.lifecycle.returning.recorded import AT_WISH
from bookings.lifecycle.stale import refuse_stale
from bookings.lifecycle.transitions import move_locked
from bookings.models import Booking
from bookings.models.outcome import Outcome
from bookings.signals import booking_status_changed
from cars.models import Extra
from exodrive.db.retry import retry_on_deadlock
from exodrive.rls import PUBLIC, STAFF, current, with_reason

NOBODY_CAME = "no_show"  # the reason in the history where staff write none
THEY_CAME = "no_show_undone"  # the reason in the history; `inbox.desk.booking` has its words


def may_be_no_show(booking: Booking, at: datetime) -> bool:
    """Whether the pick-up time has come and the car has not gone. A ride whose passenger does not come is called off."""
    if booking.is_ride:
        return False
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


def may_undo_no_show(booking: Booking, at: datetime) -> bool:
    """Whether the identity in force may say that somebody came after all: soon anybody of the staff, later a manager."""
    over = booking.status == Booking.Status.CANCELLED and booking.is_no_show and booking.erased_at is None
    return over and (may_undo(booking.status_changed_at, at) or may_manage())


@refusals_logged()
@retry_on_deadlock()
def undo_no_show(*, booking: Booking, at: datetime, from_: str | None = None) -> Booking:
    """Somebody came after all: the booking is active, at its price, with all its days and the extras that it had.

    Money that went back stays there. Raises StatusChanged; InvalidTransition for what is no no-show or refunded; Forbidden
    for customers, and for the desk after UNDO_MINUTES; DatesTaken when somebody has its days by now, Invalid when its
    extras are gone or its data are erased. Locks: cars, extras, booking.
    """
    if current().role != STAFF:
        raise Forbidden
    with transaction.atomic(durable=True), with_reason(THEY_CAME):
        had = _extras_priced(booking)
        booking = lock_booking(booking, with_extras=True, extras=had, days=booking.days)
        refuse_stale(booking, from_)
        _refuse_undoing(booking, at)
        _wait_again(booking, had)
    return booking


def _refuse_undoing(booking: Booking, at: datetime) -> None:
    if booking.status != Booking.Status.CANCELLED or not booking.is_no_show:
        raise InvalidTransition(_("There is no no-show to undo."))
    if booking.erased_at is not None:
        raise Invalid(_("The personal data of this booking is erased."))
    if not may_undo(booking.status_changed_at, at):
        refuse_desk()


def _wait_again(booking: Booking, had: list[tuple[Extra, int]]) -> None:
    previous, booking.status = booking.status, Booking.Status.ACTIVE
    booking.outcome, booking.kept_until = Outcome.Ended.AS_ITS_STATUS, None
    booking.terms = {name: value for name, value in booking.terms.items() if name != AT_WISH}
    booking.save(update_fields=["status", "outcome", "kept_until", "terms"])
    release(booking)
    try:
        claim(booking)
    except DatesTaken as taken:
        words = _("Somebody has the car by now on days that this booking would need.")
        raise DatesTaken(words, **taken.details) from taken
    book_extras(booking, had)
    booking_status_changed.send(Booking, booking=booking, previous=previous)
    log_moved(booking, previous)


def _extras_priced(booking: Booking) -> list[tuple[Extra, int]]:
    """What the booking had, by its frozen quote: the rows went with the no-show."""
    units: defaultdict[int, int] = defaultdict(int)
    for line in booking.as_quoted.lines:
        if line.code == "extra":
            units[int(line.rule.removeprefix("extra:"))] += line.quantity
    length = len(booking.days)
    extras = Extra.objects.filter(pk__in=units).order_by("pk")
    return [
        (extra, max(1, units[extra.pk] // length) if extra.per == "day" else units[extra.pk])
        for extra in extras
    ]
