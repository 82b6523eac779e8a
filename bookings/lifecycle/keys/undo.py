"""Facts that were recorded by mistake are taken back within minutes. What was undone stands in the history."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import ngettext

from bookings.errors import InvalidTransition
from bookings.models import Booking

UNDO_MINUTES = 15  # the database's triggers have the same number
HAND_OVER_UNDONE = "hand_over_undone"  # the reason in the history; `inbox.desk.booking` has its words
# Moves that are made only with the fact that they take back; they stand in the trigger `booking_status_rules`, too.
UNDOS: dict[str, set[str]] = {Booking.Status.ACTIVE: {Booking.Status.UPCOMING}}


@dataclass(frozen=True, slots=True)
class Undo:
    """A fact did not happen."""


@dataclass(frozen=True, slots=True)
class HandOverUndone(Undo):
    """The keys were not given."""


def may_undo(recorded_at: datetime | None, at: datetime) -> bool:
    """Whether what was recorded then can still be taken back at the instant `at`."""
    return recorded_at is not None and at - recorded_at <= timedelta(minutes=UNDO_MINUTES)


def refuse_late_undo(recorded_at: datetime | None, at: datetime) -> None:
    """Raise InvalidTransition once the time is over."""
    if not may_undo(recorded_at, at):
        words = ngettext(
            "This can be undone for %(n)d minute only.",
            "This can be undone for %(n)d minutes only.",
            UNDO_MINUTES,
        )
        raise InvalidTransition(words % {"n": UNDO_MINUTES})
