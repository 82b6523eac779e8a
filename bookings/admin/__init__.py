"""Bookings and payments in the Django admin; importing the modules registers them."""

from bookings.admin import departures, payments  # noqa: F401
from bookings.admin.bookings import FoundByBooking, link_to_staff_page

__all__ = ["FoundByBooking", "link_to_staff_page"]
