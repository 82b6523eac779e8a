"""What pages say about paying: what happens with the deposit, what comes back, what went wrong."""

from datetime import datetime

from django.utils.translation import gettext as _

from bookings.models import Booking, Payment
from bookings.payments.terms_text import back
from exodrive.i18n.formats import instant, money


def failed(booking: Booking, purpose: str) -> str:
    """Why the page is here again."""
    if purpose == Payment.Purpose.DEPOSIT:
        wrong = booking.deposit_status == Booking.DepositStatus.FAILED
        return _("The deposit could not be held.") if wrong else ""
    wrong = booking.payment_status == Booking.PaymentStatus.FAILED
    return _("Your payment was not accepted. You have not been charged.") if wrong else ""


def kept_until(booking: Booking) -> str:
    """Until when an unpaid booking keeps its days."""
    if booking.pay_until is None or booking.status != Booking.Status.PENDING:
        return ""
    when = instant(booking.pay_until, booking.pick_up.zone)
    return _("We keep the car for you until %(when)s.") % {"when": when}


def promises(booking: Booking, purpose: str, at: datetime) -> list[str]:
    """What paying now means: the deposit, and what comes back until when, as sums."""
    deposit = money(booking.deposit_money)
    if purpose == Payment.Purpose.DEPOSIT:
        held = _("We hold %(amount)s and do not charge it. You get it back after the return.")
        return [held % {"amount": deposit}]
    if booking.status == Booking.Status.COMPLETED:
        return []  # nothing can be cancelled any more, and no deposit is to come
    words = []
    if booking.deposit:
        words.append(
            _("A deposit of %(amount)s is held near the pick-up, not charged now.") % {"amount": deposit}
        )
    return words + back(booking, at)


def chosen_offline(method: str) -> str:
    """After a way to pay was chosen that needs nobody else."""
    if method == Booking.PaymentMethod.TRANSFER:
        return _("You pay by bank transfer. We confirm when it has arrived.")
    return _("You pay at pick-up. We confirm within 2 hours.")
