"""/api/bookings/{id}: read, change, move and cancel one booking, by staff or by whoever has its token."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from bookings.api.auth import Scope, refuse_adjusting, refuse_override, staff_only, staff_or_customer
from bookings.api.booking_schemas import BookingOut, CancelledOut, ChangedOut
from bookings.api.inputs.bookings import BookingPatch
from bookings.api.inputs.moves import CancelIn, NoShowIn, StatusIn, UndoIn
from bookings.api.inputs.queries import ChangeQuery
from bookings.api.inputs.types import UuidText
from bookings.api.lookup import booking_for, change_for, payments_of, refund_of
from bookings.api.moves import record_of
from bookings.api.render import booking_out, cancelled_out, changed_out
from bookings.api.responses import answers
from bookings.api.ride_change import changed_ride, refuse_ride
from bookings.availability.alternatives import with_alternatives
from bookings.availability.as_of import AsOf
from bookings.errors import Invalid
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.keys.no_show import no_show, undo_no_show
from bookings.lifecycle.transitions import cancel, transition
from bookings.models import Booking

router = Router(by_alias=True, tags=["Bookings"])


@router.get(
    "/bookings/{booking_id}",
    **staff_or_customer(Scope.READ),
    response=answers({200: BookingOut}, 401, 403, 404, 429),
    operation_id="getBooking",
    summary="Read a booking",
)
def read(request: HttpRequest, booking_id: UuidText) -> Any:
    """One booking."""
    booking = booking_for(booking_id)
    return booking_out(booking, payments_of(booking))


@router.patch(
    "/bookings/{booking_id}",
    **staff_or_customer(Scope.BOOK),
    response=answers({200: ChangedOut}, 401, 403, 404, 409, 429),
    operation_id="changeBooking",
    summary="Change a booking",
)
def change(request: HttpRequest, booking_id: UuidText, body: BookingPatch, query: Query[ChangeQuery]) -> Any:
    """Change days, car, places, times, extras, delivery, age, phone or special requests. Send only what changes.

    What is booked keeps its price; days, places and wishes that are added, and another car, cost what they do today. A
    swap by staff costs nothing unless it is the `customersWish`. Staff may choose another `pricing`, managers an
    `adjustment`. Customers can change days and car until 48 hours before pick-up.

    A booking with a `ride` takes `start`, `minutes` and `ride` instead, beside phone and requests: another time costs what
    it does today, and a customer can change it as long as they can cancel; what the driver has to know, until it begins.

    With `preview=true` the answer shows the booking as it would be, and nothing changes.
    """
    refuse_override(body.override, request)
    refuse_adjusting("adjustment" in body.model_fields_set, request)
    at, booking, preview = timezone.now(), booking_for(booking_id), query.preview == "true"
    if booking.is_ride:
        return changed_out(changed_ride(booking, body, at, preview=preview), payments_of(booking))
    refuse_ride(body)
    to = change_for(body, booking)
    with with_alternatives(as_of=AsOf.by_asker(at, booking)):
        changed = change_booking(booking=booking, to=to, at=at, preview=preview)
    return changed_out(changed, payments_of(booking))


@router.delete(
    "/bookings/{booking_id}",
    **staff_or_customer(Scope.BOOK),
    response=answers({200: CancelledOut}, 400, 401, 403, 404, 409, 429),
    operation_id="deleteBooking",
    summary="Cancel a booking (by DELETE)",
)
def delete(request: HttpRequest, booking_id: UuidText) -> Any:
    """Cancel the booking; the same as POST `/cancel` without a body. Its record stays."""
    return _cancelled(booking_id)


@router.patch(
    "/bookings/{booking_id}/status",
    **staff_only(Scope.STAFF),
    response=answers({200: BookingOut}, 400, 401, 403, 404, 409),
    operation_id="moveBooking",
    summary="Move a booking",
)
def move(request: HttpRequest, booking_id: UuidText, body: StatusIn) -> Any:
    """Move a booking. `active` also records that the keys were given, `completed` that the car is back.

    With `from` the move is made only from that status; otherwise 409 `status_changed` says who moved it and when. 409
    `car_is_out` names the booking whose customer has the car; 409 `too_early` is for a hand-over before the pick-up day
    that does not say `early`.
    """
    part = "checkout" if body.status == Booking.Status.ACTIVE else "checklist"
    with _named_in(part, {"odometer", "fuel", "note", "returnedAt"}):
        booking = transition(
            booking=booking_for(booking_id),
            to=body.status,
            at=timezone.now(),
            from_=body.from_,
            reason=body.reason or "",
            record=record_of(body),
        )
    return booking_out(booking, payments_of(booking))


@router.post(
    "/bookings/{booking_id}/no-show",
    **staff_only(Scope.STAFF),
    response=answers({200: CancelledOut}, 400, 401, 403, 404, 409),
    operation_id="markNoShow",
    summary="Nobody came for the car",
)
def nobody_came(request: HttpRequest, booking_id: UuidText, body: NoShowIn | None = None) -> Any:
    """End a booking because nobody came, from its pick-up time on. The days from tomorrow are free.

    It is `cancelled` with the outcome `no_show`. What comes back follows its terms, as if it were cancelled now.
    """
    body, at = body or NoShowIn.model_validate({}), timezone.now()
    booking = no_show(booking=booking_for(booking_id), at=at, from_=body.from_, reason=body.reason or "")
    return cancelled_out(booking, refund_of(booking, at))


@router.post(
    "/bookings/{booking_id}/no-show/undo",
    **staff_only(Scope.STAFF),
    response=answers({200: BookingOut}, 400, 401, 403, 404, 409),
    operation_id="undoNoShow",
    summary="Somebody came after all",
)
def somebody_came(request: HttpRequest, booking_id: UuidText, body: UndoIn | None = None) -> Any:
    """Take a no-show back: the booking is `active`, at its price, with all its days and extras if nobody has them by now.

    Money that went back stays there and is due again. After 15 minutes only managers may.
    """
    body = body or UndoIn.model_validate({})
    booking = undo_no_show(booking=booking_for(booking_id), at=timezone.now(), from_=body.from_)
    return booking_out(booking, payments_of(booking))


@router.post(
    "/bookings/{booking_id}/cancel",
    **staff_or_customer(Scope.BOOK),
    response=answers({200: CancelledOut}, 400, 401, 403, 404, 409, 429),
    operation_id="cancelBooking",
    summary="Cancel a booking",
)
def cancel_booking(request: HttpRequest, booking_id: UuidText, body: CancelIn | None = None) -> Any:
    """Cancel a booking and free its days. Customers can until their pick-up day begins, staff also afterwards."""
    body = body or CancelIn.model_validate({})
    why = {"reason": body.reason or "", "from_": body.from_, "wished": body.at_customers_wish}
    why["still_out"] = body.car_stays_out
    return _cancelled(booking_id, **why)


def _cancelled(booking_id: str, **why: Any) -> Any:
    at = timezone.now()
    booking = cancel(booking=booking_for(booking_id), at=at, **why)
    return cancelled_out(booking, refund_of(booking, at))


@contextmanager
def _named_in(part: str, names: set[str]) -> Iterator[None]:
    """Refused fields are named as they stand in the body, like `checklist.note`."""
    try:
        yield
    except Invalid as refusal:
        fields = refusal.details.get("fields", {})
        named = {f"{part}.{name}" if name in names else name: texts for name, texts in fields.items()}
        raise Invalid(refusal.message, **refusal.details | {"fields": named}) from None
