"""Moving a booking through its life."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from bookings.api_access import STAFF, STAFF_OR_CUSTOMER
from bookings.api_answers import answers
from bookings.api_fields import UuidText
from bookings.api_find import booking_for
from bookings.api_inputs import CancelIn, ChecklistIn, StatusIn
from bookings.api_render import booking_out, cancelled_out
from bookings.booking_schemas import BookingOut, CancelledOut
from bookings.lifecycle import Checklist, cancel, transition
from bookings.models import Booking

router = Router(by_alias=True, tags=["Bookings"])


@router.patch(
    "/bookings/{booking_id}/status",
    auth=STAFF,
    response=answers({200: BookingOut}, 400, 401, 403, 404, 409),
    operation_id="moveBooking",
    summary="Move a booking",
)
def move(request: HttpRequest, booking_id: UuidText, body: StatusIn) -> Any:
    """Move a booking. `active` also records that the keys were given, `completed` that the car is back.

    With `from` the move is made only from that status; otherwise 409 `status_changed` says who moved it and when.
    """
    booking = transition(
        booking=booking_for(booking_id),
        to=body.status,
        at=timezone.now(),
        from_=body.from_,
        reason=body.reason or "",
        checklist=_checklist(body.checklist),
        hand_over=body.status == Booking.Status.ACTIVE,
    )
    return booking_out(booking)


@router.post(
    "/bookings/{booking_id}/cancel",
    auth=STAFF_OR_CUSTOMER,
    response=answers({200: CancelledOut}, 400, 401, 403, 404, 409, 429),
    operation_id="cancelBooking",
    summary="Cancel a booking",
)
def cancel_booking(request: HttpRequest, booking_id: UuidText, body: CancelIn | None = None) -> Any:
    """Cancel a booking and free its days. Customers can until their pick-up day begins, staff also afterwards."""
    reason, from_ = (body.reason or "", body.from_) if body else ("", None)
    return cancelled_out(
        cancel(booking=booking_for(booking_id), at=timezone.now(), reason=reason, from_=from_)
    )


def _checklist(given: ChecklistIn | None) -> Checklist | None:
    return Checklist(given.odometer, given.fuel, given.damage, given.note) if given else None
