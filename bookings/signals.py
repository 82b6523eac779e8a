"""The only signals. Those about a booking are sent inside its transaction with `send`: a receiver that fails takes the
booking with it.
"""

from django.dispatch import Signal

booking_created = Signal()  # sender=Booking, booking
booking_status_changed = Signal()  # sender=Booking, booking, previous (the status before)
mail_waits = Signal()  # sender=None: a function of the database queued a mail, which one nobody may know
booking_changed = Signal()  # sender=Booking, booking, change (its BookingChange)
