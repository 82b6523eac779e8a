"""/api/bookings/{id}/swap: another car for a customer who is on the road."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from pydantic import Field

from bookings.api.auth import Scope, staff_only
from bookings.api.booking_schemas import BookingOut
from bookings.api.inputs.bookings import In
from bookings.api.inputs.types import Day, Eighths, Flag, Id, Kilometres, Sentence, UuidText
from bookings.api.lookup import booking_for, car_for, payments_of
from bookings.api.render import block_out, booking_out
from bookings.api.responses import answers
from bookings.api.schemas import BlockOut, Out
from bookings.lifecycle.keys.swap import Swap, Swapped, swap_car
from bookings.models import Booking

router = Router(by_alias=True, tags=["Bookings"])


class SwapIn(In):
    """The other car, why, and how the old one stands: odometer in km, fuel in eighths of a tank."""

    car_id: Id
    reason: Sentence
    odometer: Kilometres
    fuel: Eighths
    new_odometer: Kilometres | None = Field(None, description="Of the other car, where somebody looked")
    new_fuel: Eighths | None = None
    block_until: Day | None = Field(
        None,
        description="The last day on which nobody may have the old car; null: others may have it at once",
    )
    exception: Flag = Field(False, description="Managers only: the driver is too young for the car")
    instead_of: Id | None = Field(None, description="Only if the booking still has this car")
    from_: str | None = Field(None, validation_alias="from", pattern="^active$")


class InTheWayOut(Out):
    """A booking that has the old car on days that should be blocked."""

    id: str
    reference: str
    start_date: date
    end_date: date


class SwappedOut(BookingOut):
    """The booking with its new car, and what became of the old one's days."""

    blocks: list[BlockOut]
    in_the_way: list[InTheWayOut]
    held: bool = Field(description="Whether somebody is booking the old car on some of those days just now")


@router.post(
    "/bookings/{booking_id}/swap",
    **staff_only(Scope.STAFF),
    response=answers({200: SwappedOut}, 400, 401, 403, 404, 409),
    operation_id="swapCar",
    summary="Swap the car of a rental under way",
)
def swap(request: HttpRequest, booking_id: UuidText, body: SwapIn) -> Any:
    """Another car from today on; the days before stay on the old one, and the price stays as it was booked.

    The other car needs only the rest of the days free. `segments` has both afterwards.
    """
    booking, told = booking_for(booking_id), body.model_dump(exclude={"car_id", "from_"})
    to = Swap(car=car_for(body.car_id), **told)
    return _swapped_out(swap_car(booking=booking, to=to, at=timezone.now(), from_=body.from_))


def _swapped_out(swapped: Swapped) -> SwappedOut:
    booking, blocked = swapped.booking, swapped.blocked
    return SwappedOut(
        **dict(booking_out(booking, payments_of(booking))),
        blocks=[block_out(block) for block in blocked.blocks],
        in_the_way=[_in_the_way(other) for other in blocked.in_the_way],
        held=blocked.held,
    )


def _in_the_way(other: Booking) -> InTheWayOut:
    return InTheWayOut(
        id=str(other.pk),
        reference=other.reference,
        start_date=other.start_date,
        end_date=other.end_date,
    )
