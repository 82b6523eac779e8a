"""Who has which car when: bookings, the day ledger with its holds and blocks, and answers kept for a retry."""

from bookings.models.availability import Block, CarAvailability, Hold
from bookings.models.booking import (
    Booking,
    BookingLocation,
    BookingNote,
    BookingToken,
    Customer,
    StatusChange,
)
from bookings.models.idempotency import IdempotencyKey

__all__ = [
    "Block",
    "Booking",
    "BookingLocation",
    "BookingNote",
    "BookingToken",
    "CarAvailability",
    "Customer",
    "Hold",
    "IdempotencyKey",
    "StatusChange",
]
