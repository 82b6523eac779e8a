"""All promises, checked: no day taken that nobody claimed, no booking that staff do not know, no sum that is wrong."""

from bookings.availability.audit import check_ledger
from bookings.models import Booking
from bookings.payments.audit import check_money


def find_drift() -> list[str]:
    """Everything `check_ledger` and `check_money` find, and the bookings that no inbox item tells staff about.

    Empty is the proof.
    """
    unfiled = Booking.objects.filter(inbox_items=None).order_by("reference")
    untold = [f"booking {booking.reference} is in no inbox" for booking in unfiled]
    return [*check_ledger(), *untold, *check_money()]
