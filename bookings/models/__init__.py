"""Who has which car when: bookings, the day ledger with its holds and blocks, and answers kept for a retry."""

from bookings.models.availability import Block, BlockEvent, CarAvailability, Hold
from bookings.models.booking import Booking
from bookings.models.customer import Customer
from bookings.models.extras import BookingExtra, ExtraDay
from bookings.models.history import BookingChange, BookingEvent, BookingNote, LedgerChange, StatusChange
from bookings.models.hours.by_the_hour import VehicleAssignment
from bookings.models.hours.departures import DepartureSeat, TourDeparture
from bookings.models.hours.rides import Ride
from bookings.models.idempotency import IdempotencyKey
from bookings.models.link import BookingLink
from bookings.models.marks import DoNotRent
from bookings.models.payment_operations import PaymentOperation, Refund
from bookings.models.payments import Payment
from bookings.models.places import PLACED, PLACES, BookingLocation
from bookings.models.privacy import DataRequest
from bookings.models.proof import BookingProof, MailboxCode
from bookings.models.provider_events import ProviderEvent, SandboxOrder
from bookings.models.segments import SEGMENTS, BookingSegment

__all__ = [
    "PLACED",
    "PLACES",
    "SEGMENTS",
    "Block",
    "BlockEvent",
    "Booking",
    "BookingChange",
    "BookingEvent",
    "BookingExtra",
    "BookingLink",
    "BookingLocation",
    "BookingNote",
    "BookingProof",
    "BookingSegment",
    "CarAvailability",
    "Customer",
    "DataRequest",
    "DepartureSeat",
    "DoNotRent",
    "ExtraDay",
    "Hold",
    "IdempotencyKey",
    "LedgerChange",
    "MailboxCode",
    "Payment",
    "PaymentOperation",
    "ProviderEvent",
    "Refund",
    "Ride",
    "SandboxOrder",
    "StatusChange",
    "TourDeparture",
    "VehicleAssignment",
]
