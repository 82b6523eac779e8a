"""Who changed what: written down with the change, and told to those who meet a change of somebody else."""

from datetime import datetime
from typing import Any

from django.db import connection

from bookings.events import actor_kind, log_event
from bookings.models import Booking, BookingChange
from bookings.signals import booking_changed
from exodrive.models import User
from exodrive.money import Money
from exodrive.rls import STAFF, current


def last_change(booking: Booking, name: str) -> tuple[str, str]:
    """The kind of whoever changed this of a booking last, and their name for staff; both "" when nobody did.

    `name` is a field of `Details`, "days" or "car".
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, actor FROM last_change(%s, %s)", [booking.pk, name])
        kind, actor = cursor.fetchone() or ("", None)
    if actor is None or current().role != STAFF:
        return kind, ""
    return kind, str(User.objects.filter(pk=actor).first() or "")


def write_down(
    booking: Booking,
    *,
    before: dict[str, Any],
    after: dict[str, Any],
    difference: Money,
    reason: str,
    at: datetime,
) -> None:
    """Keep a change in the history, and tell whoever has to know. In the change's own transaction."""
    revision = BookingChange(
        booking=booking,
        actor_kind=actor_kind(),
        actor_id=current().user_id or None,
        before=before,
        after=after,
        difference=difference.amount,
        reason=reason,
        created_at=at,
    )
    revision.save(force_insert=True)
    booking_changed.send(Booking, booking=booking, change=revision)
    told = {"booking_id": str(booking.pk), "difference": str(difference.amount), "actor": actor_kind()}
    log_event("booking_changed", **told)
