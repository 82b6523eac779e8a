"""Both promises, checked: no day taken that nobody claimed, no booking that staff do not know."""

from bookings.availability.audit import check_ledger
from bookings.models import Booking


def find_drift() -> list[str]:
    """Everything `check_ledger` finds, and the bookings that no inbox item tells staff about. Empty is the proof."""
    unfiled = Booking.objects.filter(inbox_items=None).order_by("reference")
    return check_ledger() + [f"booking {booking.reference} is in no inbox" for booking in unfiled]
