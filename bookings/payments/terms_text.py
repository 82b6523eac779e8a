"""What pages and letters say alike: what was paid and how the rest will be, and what comes back of it."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from bookings.models import Booking
from bookings.payments.terms import tiers
from exodrive.i18n.formats import instant, money


def paying(booking: Booking) -> str:
    """What was paid, and how the rest will be."""
    if booking.paid and not booking.amount_due:
        return _("Paid.")
    if booking.paid:
        sums = {"paid": money(booking.paid_money), "due": money(booking.amount_due)}
        return _("%(paid)s is paid, %(due)s is still to be paid.") % sums
    if booking.status == Booking.Status.COMPLETED and booking.amount_due:
        return _("%(due)s is still to be paid.") % {"due": money(booking.amount_due)}
    if booking.payment_status == Booking.PaymentStatus.PROCESSING:
        return _("We are confirming your payment.")
    if booking.payment_method == Booking.PaymentMethod.TRANSFER:
        return _("You pay by bank transfer. %(account)s") % {"account": settings.BANK_ACCOUNT}
    at_pick_up = booking.payment_method == Booking.PaymentMethod.PICK_UP
    return _("You pay at pick-up, by card.") if at_pick_up else _("Not paid yet.")


def back(booking: Booking, at: datetime) -> list[str]:
    """What comes back of the price when it is cancelled, a line for each step that is still to come."""
    found = []
    for tier in tiers(booking):
        if at < tier.until:
            sum_back = (booking.total_money * tier.percent / 100).rounded()
            words = _("You get %(amount)s back if you cancel before %(when)s.")
            when = instant(tier.until, booking.pick_up.zone)
            found.append(words % {"amount": money(sum_back), "when": when})
    if not found and tiers(booking):
        found.append(_("Free cancellation is over: nothing comes back if you cancel."))
    return found
