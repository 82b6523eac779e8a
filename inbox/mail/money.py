"""What a letter says about money: what was paid and how the rest will be, what comes back, what is held."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.lifecycle.returning.bill import OF_RETURNS
from bookings.models import Booking, Payment, PaymentOperation, Refund
from bookings.payments.registry import METHODS
from bookings.payments.terms import given_back, tiers
from bookings.payments.terms_text import back, paying
from cars.pricing.quote import LABELS
from exodrive.i18n import formats
from exodrive.money import Money
from inbox.models import InboxEmail

Template = InboxEmail.Template
TO_PAY = {Template.PAYMENT_FAILED, Template.PAYMENT_LINK, Template.DEPOSIT_LINK}
AT_THE_COUNTER = (Payment.Means.CASH, Payment.Means.TERMINAL)


def about_money(email: InboxEmail, at: datetime) -> dict[str, Any]:
    """For every letter about a booking: until when and how to pay it, what cancelling costs in steps, and what comes back of
    a cancelled one; and for one about a payment its amount."""
    booking = email.about
    waits = booking.pay_until if booking.status == Booking.Status.PENDING else None
    until = formats.instant(waits, booking.pick_up.zone) if waits and waits > at else ""
    return {
        "pay_until": until,
        "keeps": _("We keep the car for you until %(when)s.") % {"when": until} if until else "",
        "charged": bool(booking.paid or booking.refunded),
        "pays": paying(booking),
        "steps_back": _steps_back(booking, at),
        "comes_back": _comes_back(email),
        **_about_payment(email, booking, email.payment),
    }


def _steps_back(booking: Booking, at: datetime) -> str:
    """Where there is more than free and nothing back; then the letter names both by itself."""
    in_steps = len(tiers(booking)) > 1 and booking.customer_may_cancel(at)
    return " ".join(back(booking, at)) if in_steps else ""


def _comes_back(email: InboxEmail) -> str:
    if email.template != Template.BOOKING_CANCELLED:
        return ""  # the others do not say it, and it locks the booking
    given = given_back(email.about)
    return formats.money(given) if given.amount > 0 else ""


def _about_payment(email: InboxEmail, booking: Booking, payment: Payment | None) -> dict[str, Any]:
    if payment is None:
        asked = booking.deposit_money if email.template == Template.DEPOSIT_LINK else booking.amount_due
        return {"amount": formats.money(asked)}
    method = METHODS.get(payment.provider)
    return {
        "amount": formats.money(_amount(email.template, payment)),
        "method": method.label if method else payment.get_means_display(),
        "day_paid": formats.day_long(payment.updated_at.astimezone(booking.pick_up.zone).date()),
        "reason": _reason(email.template, payment),
        "at_the_counter": payment.means in AT_THE_COUNTER,
    }


def _amount(template: str, payment: Payment) -> Money:
    if template == Template.REFUND_SENT:
        return payment.of(_last_refund(payment).amount if _last_refund(payment) else payment.refunded)
    if template in (Template.PAYMENT_RECEIPT, Template.DEPOSIT_CAPTURED):
        return payment.of(payment.captured)
    return payment.of(payment.amount or Decimal(0))


def _last_refund(payment: Payment) -> Any:
    return payment.refunds.filter(state=Refund.State.DONE).order_by("updated_at").last()


def _reason(template: str, payment: Payment) -> str:
    """Why, in the words of whoever did it."""
    if template == Template.REFUND_SENT:
        last = _last_refund(payment)
        return last.reason if last else ""
    if template == Template.DEPOSIT_CAPTURED:
        # Its sums may stand with what the provider reported before our own answer came.
        asked = payment.operations.filter(kind=PaymentOperation.Kind.CAPTURE).exclude(reason="")
        kept = asked.exclude(outcome=PaymentOperation.Outcome.REFUSED).last()
        return kept.reason if kept else ""
    return ""


def _how_paid(booking: Booking) -> str:
    if booking.paid and not booking.amount_due:
        return _("Paid")
    at_pick_up = booking.payment_method == Booking.PaymentMethod.PICK_UP
    return _("To pay at pick-up") if at_pick_up else _("To pay")


def facts_of_money(booking: Booking) -> Iterator[tuple[str, str]]:
    """What it costs, and the deposit."""
    days = ngettext("%(count)d day", "%(count)d days", booking.days_count) % {"count": booking.days_count}
    total = formats.money(booking.total_money)
    yield (
        _how_paid(booking),
        _("%(amount)s for %(days)s") % {"amount": total, "days": days},
    )
    for line in booking.as_quoted.lines:
        if line.code in OF_RETURNS:
            made_of = f" ({line.reason})" if line.reason else ""
            yield str(LABELS[line.code]), f"{formats.money(line.amount)}{made_of}"
    if booking.deposit:
        amount = formats.money(booking.deposit_money)
        yield _("Deposit at pick-up"), _("%(amount)s (held, not charged)") % {"amount": amount}
