"""What is recorded with a move that the JSON API asks for."""

from bookings.api.inputs.moves import ChecklistIn, StatusIn
from bookings.lifecycle.checklist import CallOff, Checklist, HandOver
from bookings.models import Booking


def record_of(body: StatusIn) -> HandOver | CallOff | Checklist | None:
    """What is recorded with the move."""
    if body.status == Booking.Status.ACTIVE:
        noted = body.checkout.model_dump() if body.checkout else {}
        return HandOver(**noted, early=body.early)
    if body.status == Booking.Status.CANCELLED:
        return CallOff(still_out=body.car_stays_out)
    return _checklist(body.checklist)


def _checklist(given: ChecklistIn | None) -> Checklist | None:
    if given is None:
        return None
    return Checklist(given.odometer, given.fuel, given.damage, given.note, returned_at=given.returned_at)
