"""Whom staff do not rent to."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exodrive.db.lengths import at_most
from exodrive.timestamps import Timestamped

MAX_WHY = 500  # characters


class DoNotRent(Timestamped):
    """A manager's decision about a person, by keyed hashes of mailbox and phone (`bookings.marks`).

    It outlives the erasure of the person, and ends when it is lifted or settings.DO_NOT_RENT_YEARS are over.
    """

    mailbox_hash = models.CharField(max_length=64, blank=True)
    phone_hash = models.CharField(max_length=64, blank=True)
    reason = models.TextField(_("reason"), max_length=MAX_WHY)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("decided by"),
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("lifted by"),
    )

    class Meta:
        db_table = "do_not_rent"
        ordering = ["-created_at", "-id"]
        verbose_name = _("person we do not rent to")
        verbose_name_plural = _("people we do not rent to")
        constraints = [
            models.CheckConstraint(
                condition=~Q(mailbox_hash="", phone_hash=""), name="a_mark_is_about_somebody"
            ),
            *at_most("do_not_rent", reason=MAX_WHY),
        ]

    def __str__(self) -> str:
        return self.reason[:50]
