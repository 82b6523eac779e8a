"""What tells people about bookings: the staff inbox and the mails."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking
from exodrive.db.lengths import at_most
from exodrive.timestamps import Timestamped
from inbox.triage import InboxTriage, SavedFilter

__all__ = ["InboxEmail", "InboxItem", "InboxTriage", "MailEvent", "SavedFilter"]


class InboxItem(Timestamped):
    """Something staff must look at. Filed in the booking's own transaction: a booking without one cannot exist."""

    class Kind(models.TextChoices):
        NEW_BOOKING = "new_booking", _("New booking")
        MAIL_BOUNCED = "mail_bounced", _("Email problem")
        ERASURE = "erasure", _("Erasure asked for")
        PAYMENT = "payment", _("Payment to look at")
        TOO_FEW = "too_few", _("Too few passengers")

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        DONE = "done", _("Done")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey("bookings.Booking", on_delete=models.CASCADE, related_name="inbox_items")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.NEW_BOOKING)
    status = models.CharField(_("status"), max_length=7, choices=Status, default=Status.PENDING)
    done_at = models.DateTimeField(_("done"), null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("done by"),
    )

    class Meta:
        db_table = "inbox_items"
        verbose_name = _("inbox item")
        verbose_name_plural = _("inbox items")
        constraints = [
            models.UniqueConstraint(fields=["booking", "kind"], name="one_item_per_booking_and_kind")
        ]
        indexes = [
            models.Index(
                "created_at", name="pending_items_oldest_first", condition=models.Q(status="pending")
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.get_status_display()}"


class InboxEmail(Timestamped):
    """A mail, as a row first: which template for which booking, and how far it got. The text itself is never stored."""

    class Audience(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        STAFF = "staff", _("Staff")

    class Template(models.TextChoices):
        BOOKING_RECEIVED = "booking_received", _("Request received")
        BOOKING_CONFIRMED = "booking_confirmed", _("Booking confirmed")
        BOOKING_CHANGED = "booking_changed", _("Booking changed")
        BOOKING_CANCELLED = "booking_cancelled", _("Booking cancelled")
        RIDE_DRIVER = "ride_driver", _("Driver and car")
        NEW_LINK = "new_link", _("New link")
        LINK_REPLACED = "link_replaced", _("Link replaced")
        DATA_COPY = "data_copy", _("Copy of the data")
        DATA_ERASURE = "data_erasure", _("Erasure of the data")
        MAILBOX_CODE = "mailbox_code", _("Code for the mailbox")
        PAYMENT_RECEIPT = "payment_receipt", _("Receipt")
        PAYMENT_FAILED = "payment_failed", _("Payment failed")
        PAYMENT_LINK = "payment_link", _("Link to pay")
        REFUND_SENT = "refund_sent", _("Refund sent")
        DEPOSIT_LINK = "deposit_link", _("Link for the deposit")
        DEPOSIT_HELD = "deposit_held", _("Deposit held")
        DEPOSIT_RELEASED = "deposit_released", _("Deposit released")
        DEPOSIT_CAPTURED = "deposit_captured", _("Deposit captured")
        NEW_BOOKING = "new_booking", _("New booking")

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        MERGED = "merged", _("Told in a later one")

    class Delivery(models.TextChoices):
        """What the provider reported; `status` is what we did."""

        SENT = "sent", _("On its way")
        DELAYED = "delayed", _("Delayed")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Not sent")
        BOUNCED = "bounced", _("Bounced")
        COMPLAINED = "complained", _("Marked as spam")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey(
        "bookings.Booking", null=True, on_delete=models.CASCADE, related_name="emails"
    )
    code = models.ForeignKey(
        "bookings.MailboxCode", null=True, on_delete=models.CASCADE, related_name="emails"
    )
    payment = models.ForeignKey(
        "bookings.Payment", null=True, on_delete=models.CASCADE, related_name="emails"
    )
    audience = models.CharField(_("to"), max_length=8, choices=Audience)
    template = models.CharField(_("mail"), max_length=30, choices=Template)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    status = models.CharField(_("status"), max_length=7, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next attempt"), null=True)
    claimed_at = models.DateTimeField(_("claimed"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    recipient = models.TextField(_("sent to"), blank=True)
    error = models.CharField(_("error"), max_length=200, blank=True)
    message_id = models.CharField(_("the provider's id"), max_length=200, blank=True)
    delivery = models.CharField(_("delivery state"), max_length=10, choices=Delivery, blank=True)
    delivery_at = models.DateTimeField(_("delivery reported"), null=True)

    class Meta:
        db_table = "inbox_emails"
        ordering = ["created_at", "id"]
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [
            *at_most("inbox_emails", recipient=32_768),
            models.CheckConstraint(
                condition=models.Q(booking=None, code__isnull=False)
                | models.Q(booking__isnull=False, code=None),
                name="mail_about_a_booking_or_a_code",
            ),
        ]
        indexes = [
            models.Index(
                "created_at", name="mails_to_send", condition=models.Q(status__in=["queued", "sending"])
            ),
            models.Index("recipient", "sent_at", name="mails_to_somebody", condition=models.Q(status="sent")),
            models.Index(
                "message_id", name="mails_by_their_providers_id", condition=~models.Q(message_id="")
            ),
        ]

    def __str__(self) -> str:
        return self.get_template_display()

    @property
    def to_unproven(self) -> bool:
        """Whether it goes to a mailbox that nobody has shown to be theirs: then it says nothing that a stranger typed."""
        of_customer, proof = self.audience == self.Audience.CUSTOMER, getattr(self.booking, "proof", None)
        return of_customer and proof is not None and proof.proven_at is None

    @property
    def about(self) -> Booking:
        """The booking that it is about. Raises ValueError for a mail with a code, which is about none."""
        if self.booking is None:
            raise ValueError(f"mail {self.pk} is about no booking")
        return self.booking

    @property
    def is_lost(self) -> bool:
        """Whether the reader may not have it."""
        lost = (self.Delivery.FAILED, self.Delivery.BOUNCED, self.Delivery.COMPLAINED)
        return self.status == self.Status.FAILED or self.delivery in lost


class MailEvent(Timestamped):
    """One thing that the provider reported about a mail, kept once. Ids only: no address, no reason in words."""

    event_id = models.CharField(max_length=200)
    message_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=InboxEmail.Delivery)
    at = models.DateTimeField()

    class Meta:
        db_table = "mail_events"
        verbose_name = _("mail event")
        verbose_name_plural = _("mail events")
        constraints = [models.UniqueConstraint(fields=["event_id"], name="one_row_per_mail_event")]
        indexes = [models.Index("message_id", name="events_of_a_mail")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
