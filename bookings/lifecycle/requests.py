"""What customers change on their own booking: their phone number and special requests."""

from django.db import transaction

from bookings.models import Booking


def change_requests(*, booking: Booking, phone: str, special_requests: str) -> Booking:
    """Write both, as the holder of the booking's link; the database lets nobody else. Dates and money stay."""
    with transaction.atomic(durable=True):
        booking.phone, booking.special_requests = phone, special_requests
        booking.save(update_fields=["phone", "special_requests"])
    return booking
