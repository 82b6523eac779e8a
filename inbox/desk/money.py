"""The money of one booking as staff see it: its payments, what was done with each, and what may be done now."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from bookings.lifecycle.managers import may_manage
from bookings.models import Booking, Payment, PaymentOperation, Refund
from bookings.payments.checkout import due
from bookings.payments.manual import purposes_due
from bookings.payments.registry import MANUAL, METHODS, Method, offered
from exodrive.money import Money
from inbox.desk.words.actors import who

OPERATIONS = Prefetch("operations", PaymentOperation.objects.select_related("actor"))
# With everything that `money_of` shows.
PAYMENTS = Prefetch("payments", Payment.objects.prefetch_related(OPERATIONS, "refunds"))


NOTHING = Decimal(0)


@dataclass(frozen=True)
class Act:
    """Something that can be done with a payment: its words and its address. `asks`: on a page of its own first."""

    label: Any
    url_name: str
    look: str = ""


REFUND = Act(_("Refund…"), "staff_refund")
CAPTURE = Act(_("Capture the deposit…"), "staff_capture", "btn--danger")
RELEASE = Act(_("Release the deposit…"), "staff_release")
RETURNED = Act(_("Deposit returned…"), "staff_deposit_returned")


@dataclass(frozen=True)
class Done:
    """One line of what was done with a payment, with what it moved."""

    operation: PaymentOperation
    who: Any
    amount: Money | None
    moved: list[tuple[Any, Money]]


@dataclass(frozen=True)
class Row:
    """One payment."""

    payment: Payment
    method: Any
    sums: list[tuple[Any, Money]]
    acts: list[Act]
    done: list[Done]
    refunds: list[Refund]
    by_hand: bool  # staff give its refunds back themselves


@dataclass(frozen=True)
class BookingMoney:
    """What the panel shows."""

    sums: list[tuple[Any, Money]]  # of the rental, without what is nothing
    deposit_kept: Money
    rows: list[Row] = field(default_factory=list)
    may_record: bool = False
    may_send_link: bool = False

    @property
    def is_any(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.sums or self.rows or self.may_record)


def money_of(booking: Booking) -> BookingMoney:
    """Works on what `PAYMENTS` loaded."""
    payments = list(booking.payments.all())
    manager = bool(payments) and may_manage()
    sums = [
        (_("Paid"), booking.paid_money),
        (_("Due"), booking.amount_due),
        (_("Given back"), Money(booking.refunded, booking.currency)),
    ]
    return BookingMoney(
        sums=[(label, amount) for label, amount in sums if amount],
        deposit_kept=Money(booking.deposit_kept, booking.currency),
        rows=[_row(payment, manager) for payment in payments],
        may_record=bool(purposes_due(booking)),
        may_send_link=may_send_link(booking),
    )


def first_online() -> Method | None:
    """The first way to pay online that customers are offered."""
    return next((method for method in offered() if method.online), None)


def may_send_link(booking: Booking) -> bool:
    """Whether there is something to pay, a way to do it, and somebody to write to."""
    return bool(booking.mailbox and due(booking, timezone.now()) and first_online())


def acts_of(payment: Payment, *, manager: bool) -> list[Act]:
    """What may be done with a payment now; the verbs decide again."""
    acts = []
    if payment.held and payment.provider == MANUAL:
        acts.append(RETURNED)
    elif payment.held:
        acts += [RELEASE, CAPTURE] if manager else [RELEASE]
    if manager and payment.kept:
        acts.append(REFUND)
    return acts


def method_words(payment: Payment) -> Any:
    """ "PayPal", or "Cash" for what staff recorded."""
    if payment.means:
        return payment.get_means_display()
    method = METHODS.get(payment.provider)
    return method.label if method else payment.provider


def _row(payment: Payment, manager: bool) -> Row:
    return Row(
        payment=payment,
        method=method_words(payment),
        sums=_sums(payment),
        acts=acts_of(payment, manager=manager),
        done=[_done(one, payment) for one in payment.operations.all()],
        refunds=list(payment.refunds.all()),
        by_hand=payment.provider == MANUAL,
    )


def _done(operation: PaymentOperation, payment: Payment) -> Done:
    amount = payment.of(operation.amount) if operation.amount else None
    return Done(operation, who(operation), amount, _moved(operation, payment))


def _sums(payment: Payment) -> list[tuple[Any, Money]]:
    """What has happened to its money, without what has not."""
    captured = _("Captured") if payment.kind == Payment.Kind.HOLD else _("Paid")
    sums = [
        (pgettext("deposit", "Held"), payment.held),
        (captured, payment.of(payment.captured)),
        (_("Given back"), payment.of(payment.refunded)),
        (_("On its way back"), payment.of(payment.refunding)),
        (_("Released"), payment.of(payment.voided)),
    ]
    return [(label, amount) for label, amount in sums if amount]


def _moved(operation: PaymentOperation, payment: Payment) -> list[tuple[Any, Money]]:
    """What it changed, where that is not plainly the amount that was asked for."""
    sums = [
        (_("held"), operation.authorized if payment.kind == Payment.Kind.HOLD else NOTHING),
        (_("captured"), operation.captured),
        (_("given back"), operation.refunded),
        (_("released"), operation.voided),
    ]
    return [(label, payment.of(amount)) for label, amount in sums if amount]
