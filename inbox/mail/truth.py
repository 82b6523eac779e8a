"""Whether a letter still says what is so: nobody is told again that a cancelled booking is confirmed."""

from collections.abc import Callable
from datetime import datetime

from bookings.models import Booking, DataRequest, Payment
from bookings.models.paid import OVER
from inbox.mail.letters import DATA_LETTERS, data_request_of
from inbox.models import InboxEmail

Template = InboxEmail.Template
Status = Booking.Status
Deposit = Booking.DepositStatus

# In which statuses of the booking a letter is true.
WHILE: dict[str, tuple[str, ...]] = {
    Template.NEW_BOOKING: (Status.PENDING, Status.UPCOMING, Status.ACTIVE),
    Template.BOOKING_RECEIVED: (Status.PENDING,),
    Template.BOOKING_CONFIRMED: (Status.UPCOMING, Status.ACTIVE),
    Template.BOOKING_CHANGED: (Status.PENDING, Status.UPCOMING, Status.ACTIVE),
    Template.RIDE_DRIVER: (Status.UPCOMING, Status.ACTIVE),
    Template.BOOKING_CANCELLED: (Status.CANCELLED, Status.REFUNDED),
}
# What has to be so of the payment that a letter is about.
OF_PAYMENT: dict[str, Callable[[Payment], bool]] = {
    Template.PAYMENT_RECEIPT: lambda payment: payment.kept.amount > 0,
    Template.REFUND_SENT: lambda payment: payment.refunded > 0,
    Template.DEPOSIT_HELD: lambda payment: payment.held.amount > 0,
    Template.DEPOSIT_RELEASED: lambda payment: payment.voided > 0,
    Template.DEPOSIT_CAPTURED: lambda payment: payment.captured > 0,
}
OPENS_THE_BOOKING = (Template.NEW_LINK, Template.LINK_REPLACED)
ASKS_FOR_MONEY = (Template.PAYMENT_LINK, Template.PAYMENT_FAILED)


def is_true(email: InboxEmail, at: datetime) -> bool:
    """Whether the letter is true of its booking and payment as they are read, and has somebody to go to."""
    booking, template = email.booking, email.template
    if booking is None or (booking.erased_at and email.audience == InboxEmail.Audience.CUSTOMER):
        return False
    if template in WHILE:
        return booking.status in WHILE[template] or _is_what_it_came_to(email, at)
    if template in OF_PAYMENT:
        return email.payment is not None and OF_PAYMENT[template](email.payment)
    if template in OPENS_THE_BOOKING:
        return booking.link.expires_at > at
    if template in DATA_LETTERS:
        return _is_asked(data_request_of(email), at)
    return booking.status not in OVER and _is_owed(email, booking)


def _is_what_it_came_to(email: InboxEmail, at: datetime) -> bool:
    """Once the car is back, the letter about a change is the one that says what the rental comes to, and where to see it."""
    booking = email.about
    is_back = email.template == Template.BOOKING_CHANGED and booking.status == Status.COMPLETED
    return is_back and booking.link.expires_at > at


def _is_asked(request: DataRequest | None, at: datetime) -> bool:
    return request is not None and request.outcome == DataRequest.Outcome.ASKED and request.expires_at > at


def _is_owed(email: InboxEmail, booking: Booking) -> bool:
    """What asks for money, or for a deposit."""
    payment = email.payment
    if email.template in ASKS_FOR_MONEY and (payment is None or payment.kind == Payment.Kind.CHARGE):
        return bool(booking.amount_due)
    return booking.deposit_status in (Deposit.PLANNED, Deposit.WAITING, Deposit.FAILED)
