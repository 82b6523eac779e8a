"""Whether a booking still is where whoever moves it has seen it."""

from bookings.errors import StatusChanged
from bookings.models import Booking, StatusChange
from exodrive.rls import PUBLIC, current


def refuse_stale(booking: Booking, from_: str | None) -> None:
    """Raise StatusChanged, with who moved it and when, unless `from_` is still the status of this locked booking."""
    if from_ is None or from_ == booking.status:
        return
    last = _last_move(booking) if current().role != PUBLIC else None
    who = str(last.actor) if last and last.actor else last.get_actor_kind_display() if last else ""
    raise StatusChanged(by=who, at=booking.status_changed_at, status=booking.status)


def _last_move(booking: Booking) -> StatusChange | None:
    # Only what names somebody: jobs may not read the rest of a user.
    moves = StatusChange.objects.filter(booking=booking).select_related("actor")
    return moves.only("actor_kind", "actor__email", "actor__full_name").last()
