"""How staff share the work: whose a booking is, until when it is put aside, when it is followed up; lists with a name."""

from datetime import date

from django.conf import settings
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exodrive.db.lengths import at_most
from exodrive.timestamps import Timestamped

MAX_FOLLOW_UP, MAX_FILTER_NAME, MAX_FILTER, MAX_FILTERS = (
    200,
    60,
    1000,
    50,
)  # characters; filters of one person


class InboxTriage(Timestamped):
    """What staff agreed about who does what with a booking, and when. Made with the first of it.

    Who claimed it stands in the booking's events, written by the database; news about the booking ends a snooze.
    """

    booking = models.OneToOneField("bookings.Booking", on_delete=models.CASCADE, related_name="triage")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("assigned to"),
    )
    snoozed_until = models.DateField(_("snoozed until"), null=True)
    follow_up_on = models.DateField(_("follow-up"), null=True)
    follow_up_note = models.CharField(_("follow-up note"), max_length=MAX_FOLLOW_UP, blank=True, default="")

    class Meta:
        db_table = "inbox_triage"
        verbose_name = _("who does what")
        verbose_name_plural = _("who does what")
        constraints = [
            models.CheckConstraint(
                condition=Q(follow_up_on__isnull=False) | Q(follow_up_note=""), name="a_note_has_its_day"
            )
        ]
        indexes = [
            models.Index("snoozed_until", name="snoozed_bookings", condition=Q(snoozed_until__isnull=False)),
            models.Index("follow_up_on", name="follow_ups_by_day", condition=Q(follow_up_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.booking_id)

    def is_snoozed(self, today: date) -> bool:
        """Whether it is put aside today."""
        return self.snoozed_until is not None and self.snoozed_until > today


class SavedFilter(Timestamped):
    """A list of the inbox with a name: of one person, or of everybody who works here."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(
        _("name"), max_length=MAX_FILTER_NAME, validators=[ProhibitNullCharactersValidator()]
    )
    asked = models.JSONField(_("what it asks for"))
    shared = models.BooleanField(_("shared"), default=False)

    class Meta:
        db_table = "saved_filters"
        ordering = ["name", "pk"]
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="one_filter_per_person_and_name"),
            *at_most("saved_filters", asked=MAX_FILTER),
        ]

    def __str__(self) -> str:
        return self.name
