"""What happened around keys and personal data: who signed in, whose token ended, who read or erased whose data."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from exodrive.timestamps import Timestamped


class SecurityEvent(Timestamped):
    """One of them. Rows are never changed, and deleted only by `RETENTION_SECURITY_DAYS`: the database sees to it.

    What concerns tokens, passwords, links and personal data is written by triggers and functions of the database, so that
    no door can forget it; the rest by `exodrive.staff.journal`.
    """

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", _("Signed in")
        SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
        CODE_ACCEPTED = "code_accepted", _("Second step passed")
        CODE_REFUSED = "code_refused", _("Second step failed")
        SECOND_STEP_ON = "second_step_on", _("Second step turned on")
        SECOND_STEP_OFF = "second_step_off", _("Second step turned off")
        RECOVERY_CODES = "recovery_codes", _("New recovery codes")
        PASSWORD_REFUSED = "password_refused", _("Wrong password while signed in")
        PASSWORD_CHANGED = "password_changed", _("Password changed")
        SESSION_ENDED = "session_ended", _("Session ended by its owner")
        TOKEN_MADE = "token_made", _("API token made")
        TOKEN_ENDED = "token_ended", _("API token ended")
        ADDRESS_CORRECTED = "address_corrected", _("Email address corrected")
        NAME_CORRECTED = "name_corrected", _("Name corrected")
        LINK_REPLACED = "link_replaced", _("Link replaced")
        PIN_SET = "pin_set", _("PIN set")
        PIN_REMOVED = "pin_removed", _("PIN removed")
        DATA_READ = "data_read", _("Copy of the data handed over")
        DATA_ERASED = "data_erased", _("Personal data erased")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    # Whose key it is, and who did it where that is known to be somebody of the staff.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name=_("whose"),
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name=_("who"),
    )
    booking_id = models.UUIDField(_("booking"), null=True)
    network = models.CharField(_("address"), max_length=43, blank=True)
    detail = models.CharField(_("detail"), max_length=60, blank=True)

    class Meta:
        db_table = "security_events"
        ordering: ClassVar[list[str]] = ["-created_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                models.F("created_at").desc(), models.F("id").desc(), name="security_events_by_time"
            ),
            models.Index(fields=["booking_id"], name="security_events_of_a_booking"),
        ]
        verbose_name = _("security event")
        verbose_name_plural = _("security events")

    def __str__(self) -> str:
        return self.get_kind_display()
