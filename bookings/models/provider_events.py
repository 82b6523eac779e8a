"""What payment providers report, as it came, and the orders of the sandbox."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.models.payments import NOTHING, Payment
from exodrive.db.amounts import AmountField
from exodrive.db.lengths import at_most
from exodrive.timestamps import Timestamped

MAX_BODY = 1_000_000  # bytes


class ProviderEvent(Timestamped):
    """One webhook, kept once and byte for byte; it says only that something happened. Handled after it was answered.

    Bodies may name the customer: they are emptied when the payment's customer is erased, and deleted after
    RETENTION_EVENTS_DAYS.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        DONE = "done", _("Handled")
        IGNORED = "ignored", _("Of no interest")
        ORPHAN = "orphan", _("About a payment that we do not know")
        FAILED = "failed", _("Failed")

    WAITING = (State.RECEIVED, State.ORPHAN, State.FAILED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.CharField(_("provider"), max_length=20)
    event_id = models.CharField(_("event"), max_length=255)
    type = models.CharField(_("type"), max_length=100)
    payment_id_sent = models.UUIDField(_("our reference"), null=True)
    refs = models.JSONField(_("the provider's references"), default=list)
    body = models.BinaryField(_("body"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.RECEIVED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next attempt"), null=True)
    error = models.CharField(_("error"), max_length=100, blank=True)
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="events")

    class Meta:
        db_table = "provider_events"
        ordering = ["-created_at", "id"]
        verbose_name = _("provider event")
        verbose_name_plural = _("provider events")
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="one_row_per_provider_event"),
            *at_most("provider_events", refs=4000),
        ]
        indexes = [
            models.Index(
                "due_at",
                name="events_that_wait",
                condition=Q(state__in=["received", "orphan", "failed"], due_at__isnull=False),
            ),
            models.Index("payment", name="events_of_a_payment"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.type}"


class SandboxOrder(Timestamped):
    """What the sandbox knows of a payment: its side of the truth, as a real provider would keep it elsewhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment_id_sent = models.UUIDField()
    kind = models.CharField(max_length=6)
    amount = AmountField()
    currency = models.CharField(max_length=3)
    description = models.CharField(max_length=200)
    state = models.CharField(max_length=18)
    captured = AmountField(default=NOTHING)
    voided = AmountField(default=NOTHING)
    failure = models.CharField(max_length=100, blank=True)
    refunds = models.JSONField(default=list)  # {"ref", "amount", "request_id", "state"}
    requests = models.JSONField(default=list)  # ids of what was done, each once
    return_url = models.TextField()
    cancel_url = models.TextField()
    expires_at = models.DateTimeField(null=True)
    honor_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "sandbox_orders"
        verbose_name = _("sandbox order")
        verbose_name_plural = _("sandbox orders")
        constraints = at_most(
            "sandbox_orders", refunds=65_536, requests=65_536, return_url=2000, cancel_url=2000
        )

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.state}"
