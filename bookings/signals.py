"""The only three signals. Sent inside the transaction with `send`: a receiver that fails takes the booking with it."""

from django.dispatch import Signal

booking_created = Signal()  # sender=Booking, booking
booking_status_changed = Signal()  # sender=Booking, booking, previous (the status before)
booking_changed = Signal()  # sender=Booking, booking, change (its BookingChange)
