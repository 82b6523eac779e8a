"""What is done with a payment, and money on its way back."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.models.history import StatusChange
from bookings.models.payments import NOTHING, Payment
from exodrive.db.amounts import AmountField
from exodrive.money import Money
from exodrive.timestamps import Timestamped


class Refund(Timestamped):
    """Money on its way back. `external`: made at the provider's, not here."""

    class State(models.TextChoices):
        CREATED = "created", _("Asked for")
        PENDING = "pending", _("On its way")
        DONE = "done", _("Sent")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    LIVE = (State.CREATED, State.PENDING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = AmountField(_("amount"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.CREATED)
    reason = models.CharField(_("reason"), max_length=300)
    ref = models.CharField(_("the provider's reference"), max_length=255, blank=True)
    goodwill = models.BooleanField(_("given by staff"), default=False, help_text=_("Not owed again."))
    external = models.BooleanField(_("made at the provider's"), default=False)
    failure = models.CharField(_("the provider's reason"), max_length=100, blank=True)
    tried_at = models.DateTimeField(_("last tried"), null=True)

    class Meta:
        db_table = "refunds"
        ordering = ["created_at", "id"]
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_of_something"),
            models.UniqueConstraint(
                fields=["payment", "ref"], condition=~Q(ref=""), name="one_refund_per_providers_reference"
            ),
        ]
        indexes = [
            models.Index(
                "created_at", name="refunds_on_their_way", condition=Q(state__in=["created", "pending"])
            )
        ]

    def __str__(self) -> str:
        return str(self.money)

    @property
    def money(self) -> Money:
        """In the currency of its payment."""
        return Money(self.amount, self.payment.currency)


class PaymentOperation(Timestamped):
    """What was done with a payment, written down and committed before the provider is asked. Never deleted.

    The outcome goes forward only. The four sums are what it changed on the payment: all of a payment's operations
    together are its sums (`check_money`).
    """

    class Kind(models.TextChoices):
        PLAN = "plan", _("Planned")
        START = "start", _("Started")
        COMPLETE = "complete", _("Asked for payment")
        CAPTURE = "capture", _("Capture")
        VOID = "void", _("Release")
        REAUTHORIZE = "reauthorize", _("Held for longer")
        REFUND = "refund", _("Refund")
        RECORD = "record", _("Recorded")
        OBSERVE = "observe", _("Reported by the provider")

    class Outcome(models.TextChoices):
        STARTED = "started", _("Under way")
        UNKNOWN = "unknown", _("No answer yet")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    OPEN = (Outcome.STARTED, Outcome.UNKNOWN)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="operations")
    refund = models.ForeignKey(Refund, null=True, on_delete=models.PROTECT, related_name="operations")
    kind = models.CharField(_("what"), max_length=11, choices=Kind)
    request_id = models.CharField(_("request"), max_length=108)
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome, default=Outcome.STARTED)
    amount = AmountField(_("amount"), null=True)
    authorized = AmountField(_("held"), default=NOTHING)
    captured = AmountField(_("captured"), default=NOTHING)
    refunded = AmountField(_("refunded"), default=NOTHING)
    voided = AmountField(_("released"), default=NOTHING)
    code = models.CharField(_("the provider's code"), max_length=100, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    actor_kind = models.CharField(_("actor"), max_length=8, choices=StatusChange.Actor)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name=_("who"),
    )
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        db_table = "payment_operations"
        ordering = ["created_at", "id"]
        verbose_name = _("payment operation")
        verbose_name_plural = _("payment operations")
        constraints = [models.UniqueConstraint(fields=["request_id"], name="one_operation_per_request")]
        indexes = [
            models.Index("payment", name="operations_of_a_payment"),
            models.Index(
                "created_at",
                name="operations_without_outcome",
                condition=Q(outcome__in=["started", "unknown"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_outcome_display()}"
