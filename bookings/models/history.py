"""What happened to a booking: its moves, its changes, what staff wrote; and whose days in the ledger were written."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.models.booking import Booking
from exodrive.db.amounts import AmountField
from exodrive.db.lengths import at_most
from exodrive.money import Money
from exodrive.timestamps import Timestamped


class StatusChange(Timestamped):
    """Audit: one move of a booking. Written by the database's trigger only, never changed or deleted."""

    class Actor(models.TextChoices):
        STAFF = "staff", _("Staff")
        CUSTOMER = "customer", _("Customer")
        PROVIDER = "provider", _("Payment provider")
        JOB = "job", _("Automatic")
        DATABASE = "database", _("Database")

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="changes")
    from_status = models.CharField(_("from"), max_length=9, choices=Booking.Status, blank=True)
    to_status = models.CharField(_("to"), max_length=9, choices=Booking.Status)
    actor_kind = models.CharField(_("actor"), max_length=8, choices=Actor)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name=_("who"),
    )
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        db_table = "booking_status_changes"
        ordering = ["at", "id"]
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        constraints = at_most("booking_status_changes", reason=2000)

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}"


class BookingChange(Timestamped):
    """Audit: what a change of dates, car, places or extras did, and its price. Never changed or deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="revisions")
    actor_kind = models.CharField(_("actor"), max_length=8, choices=StatusChange.Actor)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name=_("who"),
    )
    before = models.JSONField(_("before"))
    after = models.JSONField(_("after"))
    difference = AmountField(_("price difference"))
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        db_table = "booking_changes"
        ordering = ["created_at", "id"]
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        constraints = at_most("booking_changes", before=16_384, after=16_384, reason=2000)

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d} {self.difference_money}"

    @property
    def difference_money(self) -> Money:
        """More to pay, or less when negative, in the currency of the booking."""
        return Money(self.difference, self.booking.currency)

    @property
    def is_of_the_rental(self) -> bool:
        """Whether days, car, places, times or the price changed, and not only how to reach the customer or how the car
        came back."""
        told = {name: was for name, was in self.before.items() if name != "return"}
        return bool(self.difference) or any(self.after[name] != was for name, was in told.items())


class BookingEvent(Timestamped):
    """Audit: what happened to the car's keys, the link, the mails and the personal data of a booking, and which of the staff
    had it. Written by the database only.
    """

    class Kind(models.TextChoices):
        HANDED_OVER = "handed_over", _("Car handed over")
        HAND_OVER_UNDONE = "hand_over_undone", _("Hand-over undone")
        ADDRESS_CORRECTED = "address_corrected", _("Email address corrected")
        NAME_CORRECTED = "name_corrected", _("Name corrected")
        LINK_ROTATED = "link_rotated", _("Link replaced")
        PIN_SET = "pin_set", _("PIN set")
        PIN_REMOVED = "pin_removed", _("PIN removed")
        COPY_GIVEN = "copy_given", _("Copy of the data handed over")
        ERASED = "erased", _("Personal data erased")
        CLAIMED = "claimed", _("Taken on")
        TAKEN_OVER = "taken_over", _("Taken over from somebody")
        GIVEN_BACK = "given_back", _("Unassigned")
        NOT_MAILED = "not_mailed", _("Made without an email to the customer")

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    actor_kind = models.CharField(_("actor"), max_length=8, choices=StatusChange.Actor)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name=_("who"),
    )

    class Meta:
        db_table = "booking_events"
        ordering = ["created_at", "id"]
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self) -> str:
        return self.get_kind_display()


class BookingNote(Timestamped):
    """What staff write to each other about a booking."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("author"),
    )
    text = models.TextField(_("note"), max_length=2000)

    class Meta:
        db_table = "booking_notes"
        ordering = ["created_at", "id"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self) -> str:
        return self.text[:50]


class LedgerChange(Timestamped):
    """A car whose days a transaction has written, by triggers alone: see `bookings.availability.fleet.taken`."""

    car_id = models.BigIntegerField(null=True, help_text="Empty: all days were removed.")
    xid = models.BigIntegerField(db_index=True, help_text="The transaction.")

    class Meta:
        db_table = "ledger_changes"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.xid} {self.car_id}"
