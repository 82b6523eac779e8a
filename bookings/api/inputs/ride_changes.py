"""What the JSON API takes to change a ride."""

from pydantic import Field

from bookings.api.inputs.body import NOT_SENT, In
from bookings.api.inputs.types import Bags, Door, Flight, Minutes, OnASign, People, WallTime


class RidePatch(In):
    """What the driver of a ride has to know. Send only what changes; it costs nothing."""

    from_text: Door = NOT_SENT
    to_text: Door = NOT_SENT
    flight_number: Flight = NOT_SENT
    sign_name: OnASign = NOT_SENT
    passengers: People = Field(NOT_SENT, description="Children among them")
    bags: Bags = NOT_SENT


class ChangesRide(In):
    """What only a booking with a `ride` takes."""

    start: WallTime = Field(
        NOT_SENT,
        description="Of a ride: what a clock at its place shows, without an offset. It costs what it does today",
        examples=["2027-03-11T10:30"],
    )
    minutes: Minutes = Field(NOT_SENT, description="Of a ride by the hour: how long")
    ride: RidePatch = NOT_SENT
