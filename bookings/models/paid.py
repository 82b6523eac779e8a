"""What a booking knows about its money: copies of what its payments come to, for readers who may not see payments."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exodrive.db.amounts import AmountField
from exodrive.money import Money

OVER = ("cancelled", "refunded")  # nothing is to be paid any more


class Paid(models.Model):
    """Mixed into a booking. `bookings.payments.ledger` alone writes the sums, from the payments."""

    class PaymentStatus(models.TextChoices):
        UNPAID = "unpaid", _("Unpaid")
        PROCESSING = "processing", _("Processing")
        PAID = "paid", _("Paid")
        PARTIALLY_REFUNDED = "partially_refunded", _("Partially refunded")
        REFUNDED = "refunded", _("Refunded")
        FAILED = "failed", _("Failed")

    class PaymentMethod(models.TextChoices):
        PICK_UP = "pick_up", _("At pick-up")
        TRANSFER = "transfer", _("Bank transfer")
        PAYPAL = "paypal", _("PayPal")
        STRIPE = "stripe", _("Card")
        SANDBOX = "sandbox", _("Sandbox")

    class DepositStatus(models.TextChoices):
        """How far the deposit is; nothing where none was planned yet."""

        NONE = "", _("Not planned")
        PLANNED = "planned", _("Planned")
        WAITING = "waiting", _("Waits for the customer")
        HELD = "held", pgettext_lazy("deposit", "Held")
        CAPTURED = "captured", _("Captured")
        RELEASED = "released", _("Released")
        FAILED = "failed", _("Failed")

    payment_status = models.CharField(
        _("payment"), max_length=18, choices=PaymentStatus, default=PaymentStatus.UNPAID
    )
    payment_method = models.CharField(
        _("payment method"), max_length=10, choices=PaymentMethod, default=PaymentMethod.PICK_UP
    )
    # Copies of what the payments come to, for readers who may not see payments; `payments.ledger` writes them.
    paid = AmountField(_("paid"), default=Decimal(0), editable=False)
    refunded = AmountField(_("refunded"), default=Decimal(0), editable=False)
    forgiven = AmountField(_("given back, not owed again"), default=Decimal(0), editable=False)
    pay_until = models.DateTimeField(_("to be paid until"), null=True, editable=False)
    deposit_status = models.CharField(
        _("deposit state"), max_length=8, choices=DepositStatus, blank=True, default="", editable=False
    )
    deposit_until = models.DateTimeField(_("deposit guaranteed until"), null=True, editable=False)
    deposit_kept = AmountField(_("deposit captured"), default=Decimal(0), editable=False)

    if TYPE_CHECKING:
        status: str
        currency: str
        total_money: Money

    class Meta:
        abstract = True

    @property
    def paid_money(self) -> Money:
        """What we have of the rental: captured and not given back."""
        return Money(self.paid, self.currency)

    @property
    def refunded_money(self) -> Money:
        """What was given back of it."""
        return Money(self.refunded, self.currency)

    @property
    def amount_due(self) -> Money:
        """What is still to be paid of the rental; nothing once it is over."""
        zero = Money.zero(self.currency)
        forgiven = Money(self.forgiven, self.currency)
        return zero if self.status in OVER else max(self.total_money - self.paid_money - forgiven, zero)
