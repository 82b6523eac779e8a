"""Events that we count, as structured log lines (`exodrive.events`): ids and figures, nobody's name."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import transaction

from bookings.errors import BookingError, RulesRefused
from exodrive.ops.counters import count
from exodrive.rls import PUBLIC, SERVICE, STAFF, current

if TYPE_CHECKING:
    from bookings.models import Booking

events = logging.getLogger("exodrive.events")


def log_event(name: str, **fields: Any) -> None:
    """Write one event after the transaction in progress has committed, at once when there is none.

    What rolls back never happened, so it is not counted either.
    """
    transaction.on_commit(lambda: _write(name, fields), robust=True)


def _write(name: str, fields: dict[str, Any]) -> None:
    events.info(name, extra={"event": {"event": name, **fields}})


def actor_kind() -> str:
    """Who moves a booking under the identity in force, in the words of the audit trigger."""
    ident = current()
    if ident.role == SERVICE:
        return "provider" if ident.actor == "provider" else "job"
    return {STAFF: "staff", PUBLIC: "customer"}.get(ident.role, "database")


def log_created(booking: "Booking") -> None:
    """`seconds_to_confirm` runs from when the dates were chosen; None when nobody knows (staff, plain API)."""
    chosen = booking.dates_chosen_at
    seconds = round((booking.created_at - chosen).total_seconds(), 1) if chosen else None
    log_event(
        "booking_created",
        booking_id=str(booking.pk),
        car_id=booking.car_id,
        days=len(booking.days),
        source=str(booking.source),
        seconds_to_confirm=seconds,
    )


def log_moved(booking: "Booking", previous: str) -> None:
    """`actor` in the event is a kind, never a person."""
    moved = {"from": str(previous), "to": str(booking.status)}
    log_event("booking_status_changed", booking_id=str(booking.pk), **moved, actor=actor_kind())


@contextmanager
def refusals_logged() -> Iterator[None]:
    """Around a whole verb, its transaction included: a refusal is an event although nothing was committed.

    A verb that calls another one counts its refusal once.
    """
    try:
        yield
    except BookingError as error:
        if not getattr(error, "counted", False):
            error.counted = True  # type: ignore[attr-defined]
            _write("booking_refused", {"code": error.code})
            count("booking_refused", error.code)
            for reason in error.details.get("reasons", ()) if isinstance(error, RulesRefused) else ():
                count("rule_refused", reason.code)
        raise
