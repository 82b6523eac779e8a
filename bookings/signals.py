"""The only signals. Those about a booking are sent inside its transaction with `send`: a receiver that fails takes the
booking with it.
"""

from django.dispatch import Signal

booking_created = Signal()  # sender=Booking, booking
booking_status_changed = Signal()  # sender=Booking, booking, previous (the status before)
mail_waits = Signal()  # sender=None: a function of the database queued a mail, which one nobody may know
booking_changed = Signal()  # sender=Booking, booking, change (its BookingChange)
departure_too_small = (
    Signal()
)  # sender=TourDeparture, departure, bookings: no more seats are sold, and these are too few
payment_changed = Signal()  # sender=Payment, payment, what (payments.ledger.News)
payment_problem = Signal()  # sender=Payment, payment: somebody has to look at it
refund_waits = Signal()  # sender=Refund, refund: promised, to be sent once this is committed
payment_ends = Signal()  # sender=Payment, payment: a hold or an open page that is needed no longer
sandbox_says = Signal()  # sender=None, body: an event to be posted to our own webhook
event_waits = Signal()  # sender=ProviderEvent: a provider reported something
deposit_due = Signal()  # sender=Payment, payment: its customer has to agree to the hold of the deposit
