"""The same act on several bookings: each by its own verb, in its own transaction, with its own answer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from bookings.errors import BookingError, Forbidden, InvalidTransition, StatusChanged
from bookings.lifecycle import transitions
from bookings.models import Booking
from exodrive.models import User
from inbox.desk import actions as actions
from inbox.desk.responses import changed
from inbox.desk.triage.sharing import claim

Status = Booking.Status
MOST = 100  # bookings at once


@dataclass(frozen=True)
class Result:
    """What became of one booking: `refused` says why, and is empty when it was done."""

    booking: Booking
    refused: str = ""


@dataclass(frozen=True)
class Order:
    """Who does what to all of them, when; `reason` is why they are cancelled."""

    act: str
    by: User
    at: datetime
    reason: str = ""


def picked(values: Iterable[str]) -> dict[UUID, str]:
    """The status in which each chosen booking was seen, from "id:status"; what makes no sense is left out."""
    found = {}
    for value in list(values)[:MOST]:
        pk, _colon, status = value.partition(":")
        if status in Status.values:
            try:
                found[UUID(pk)] = status
            except ValueError:
                continue
    return found


def act_on(chosen: dict[UUID, str], order: Order) -> list[Result]:
    """One result for each booking, in the order of the list. Must be entered outside a transaction."""
    found = Booking.objects.select_related("car__location").in_bulk(list(chosen))
    return [_result(found[pk], status, order) for pk, status in chosen.items() if pk in found]


def _result(booking: Booking, seen_as: str, order: Order) -> Result:
    try:
        VERBS[order.act](booking, seen_as, order)
    except StatusChanged as conflict:
        return Result(booking, changed(booking, conflict))
    except BookingError as refusal:
        return Result(booking, str(refusal.message))
    return Result(booking)


def _upcoming(booking: Booking, seen_as: str, order: Order) -> None:
    transitions.transition(booking=booking, to=Status.UPCOMING, at=order.at, from_=seen_as)


def _done(booking: Booking, seen_as: str, order: Order) -> None:
    if not booking.is_ride:
        raise InvalidTransition(_("The car of a rental has to be taken back first."))
    transitions.transition(booking=booking, to=Status.COMPLETED, at=order.at, from_=seen_as)


def _cancel(booking: Booking, seen_as: str, order: Order) -> None:
    if booking.paid:
        raise Forbidden(
            _("Something was paid for it: cancel it on its own page, which says what comes back.")
        )
    transitions.cancel(booking=booking, at=order.at, from_=seen_as, reason=order.reason)


def _seen(booking: Booking, seen_as: str, order: Order) -> None:
    actions.mark_seen(booking=booking, by=order.by, at=order.at)


def _claim(booking: Booking, seen_as: str, order: Order) -> None:
    claim(booking=booking, by=order.by)


VERBS: dict[str, Callable[[Booking, str, Order], None]] = {
    "upcoming": _upcoming,
    "done": _done,
    "seen": _seen,
    "claim": _claim,
    "cancel": _cancel,
}
