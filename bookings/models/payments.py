"""Payments: money that is taken or held for a booking."""

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bookings.models.booking import Booking
from exodrive.db.amounts import AmountField
from exodrive.db.lengths import at_most
from exodrive.money import Money
from exodrive.timestamps import Timestamped

NOTHING = Decimal(0)


class Payment(Timestamped):
    """One charge or one hold. Sums are from the beginning until now, in `currency`, which is the booking's.

    `bookings.payments.ledger` alone writes sums and state; the database keeps 0 <= refunded + refunding <= captured and
    captured + voided <= authorized.
    """

    class Purpose(models.TextChoices):
        RENTAL = "rental", _("Rental")
        DEPOSIT = "deposit", _("Deposit")
        DAMAGE = "damage", _("Damage")
        EXTRA = "extra", _("Extra")

    class Kind(models.TextChoices):
        CHARGE = "charge", _("Charge")
        HOLD = "hold", _("Hold")

    class State(models.TextChoices):
        SCHEDULED = "scheduled", _("Planned")
        CREATED = "created", _("Started")
        ACTION_REQUIRED = "action_required", _("Waits for the customer")
        PROCESSING = "processing", _("Being checked")
        AUTHORIZED = "authorized", pgettext_lazy("deposit", "Held")
        CAPTURED = "captured", _("Paid")
        PARTIALLY_REFUNDED = "partially_refunded", _("Partly refunded")
        REFUNDED = "refunded", _("Refunded")
        VOIDED = "voided", _("Released")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Expired")

    class Means(models.TextChoices):
        """How it was paid where no provider was asked."""

        CASH = "cash", _("Cash")
        TERMINAL = "terminal", _("Card terminal")
        TRANSFER = "transfer", _("Bank transfer")

    class Problem(models.TextChoices):
        """Why somebody has to look at it."""

        MISMATCH = "mismatch", _("Not the amount that was asked for")
        DAYS_GONE = "days_gone", _("Paid, but the booking was over: refunded")
        PAID_TWICE = "paid_twice", _("More was paid than is owed: the rest is refunded")
        REFUND_FAILED = "refund_failed", _("A refund failed")
        UNKNOWN = "unknown", _("The provider does not say what became of it")
        DEPOSIT_FAILED = "deposit_failed", _("The deposit could not be held")
        DEPOSIT_ENDS = "deposit_ends", _("The hold of the deposit ends soon")
        OVERDUE = "overdue", _("A refund has not arrived")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="payments")
    purpose = models.CharField(_("for"), max_length=7, choices=Purpose)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    provider = models.CharField(_("provider"), max_length=20)
    means = models.CharField(_("paid by"), max_length=8, choices=Means, blank=True)
    state = models.CharField(_("state"), max_length=18, choices=State, default=State.CREATED)
    amount = AmountField(_("amount"), help_text=_("What was asked for."))
    currency = models.CharField(_("currency"), max_length=3)
    authorized = AmountField(_("held"), default=NOTHING)
    captured = AmountField(_("captured"), default=NOTHING)
    refunded = AmountField(_("refunded"), default=NOTHING)
    refunding = AmountField(_("being refunded"), default=NOTHING)
    voided = AmountField(_("released"), default=NOTHING)
    ref = models.CharField(_("the provider's reference"), max_length=255, blank=True)
    refs = models.JSONField(_("the provider's references"), default=dict)
    next_url = models.TextField(_("where the customer pays"), blank=True)
    next_until = models.DateTimeField(_("page open until"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    expires_at = models.DateTimeField(_("held until"), null=True)
    honor_until = models.DateTimeField(_("guaranteed until"), null=True)
    failure = models.CharField(_("the provider's reason"), max_length=100, blank=True)
    problem = models.CharField(_("problem"), max_length=14, choices=Problem, blank=True)
    looked_at = models.DateTimeField(_("looked at"), null=True)

    class Meta:
        db_table = "payments"
        ordering = ["created_at", "id"]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "ref"], condition=~Q(ref=""), name="one_payment_per_providers_reference"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_of_something"),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, refunding__gte=0, voided__gte=0),
                name="payment_sums_not_below_zero",
            ),
            models.CheckConstraint(
                condition=Q(captured__gte=F("refunded") + F("refunding")), name="refunded_within_captured"
            ),
            models.CheckConstraint(
                condition=Q(authorized__gte=F("captured") + F("voided")), name="captured_within_authorized"
            ),
            *at_most("payments", refs=4000, next_url=2000),
        ]
        indexes = [
            models.Index("booking", name="payments_of_a_booking"),
            models.Index(
                "due_at",
                name="payments_that_wait",
                condition=Q(
                    state__in=["scheduled", "created", "action_required", "processing", "authorized"]
                ),
            ),
            models.Index("created_at", "id", name="payments_by_time"),
            models.Index("problem", name="payments_with_a_problem", condition=~Q(problem="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.money}"

    OPEN = (State.CREATED, State.ACTION_REQUIRED, State.PROCESSING)
    ENDED = (State.REFUNDED, State.VOIDED, State.FAILED, State.CANCELLED, State.EXPIRED)

    @property
    def money(self) -> Money:
        """What was asked for."""
        return self.of(self.amount)

    def of(self, amount: Decimal) -> Money:
        """An amount in its currency."""
        return Money(amount, self.currency)

    @property
    def kept(self) -> Money:
        """What we have of it: captured, and neither given back nor on its way back."""
        return self.of(self.captured - self.refunded - self.refunding)

    @property
    def held(self) -> Money:
        """What is authorised and neither taken nor released."""
        live = self.state == self.State.AUTHORIZED
        return self.of(self.authorized - self.captured - self.voided if live else NOTHING)
