"""What tells people about bookings: the staff inbox and the mails."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from exodrive.timestamps import Timestamped


class InboxItem(Timestamped):
    """Something staff must look at. Filed in the booking's own transaction: a booking without one cannot exist."""

    class Kind(models.TextChoices):
        NEW_BOOKING = "new_booking", _("New booking")

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
        NEW_LINK = "new_link", _("New link")
        NEW_BOOKING = "new_booking", _("New booking")

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey("bookings.Booking", on_delete=models.CASCADE, related_name="emails")
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

    class Meta:
        db_table = "inbox_emails"
        ordering = ["created_at", "id"]
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            models.Index(
                "created_at", name="mails_to_send", condition=models.Q(status__in=["queued", "sending"])
            )
        ]

    def __str__(self) -> str:
        return self.get_template_display()
