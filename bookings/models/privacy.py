"""What customers ask about their own data, until they have confirmed it from their mailbox."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.models.booking import Booking
from bookings.tokens import hash_of, token_of
from exodrive.mailboxes import CANONICAL, MAX_ADDRESS
from exodrive.timestamps import Timestamped


class DataRequest(Timestamped):
    """A copy or an erasure, asked for on the booking page. Written by database functions only; one per booking and kind.

    The link that confirms it is made like a booking's: only the nonce and the token's hash are kept.
    """

    class Kind(models.TextChoices):
        COPY = "copy", _("Copy of the data")
        ERASURE = "erasure", _("Erasure of the data")

    class Outcome(models.TextChoices):
        ASKED = "asked", _("Not confirmed yet")
        WAITING = "waiting", _("Confirmed, waits for a booking to end")
        DONE = "done", _("Done")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="data_requests")
    kind = models.CharField(_("what"), max_length=7, choices=Kind)
    mailbox = models.CharField(
        _("mailbox"), max_length=MAX_ADDRESS, help_text=_("Where the link is mailed; whose data it is about.")
    )
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome, default=Outcome.ASKED)
    nonce = models.BinaryField(max_length=16)
    token_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField(_("asked"))
    expires_at = models.DateTimeField(_("link works until"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)

    class Meta:
        db_table = "data_requests"
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        constraints = [
            models.UniqueConstraint(fields=["booking", "kind"], name="one_data_request_of_each_kind"),
            models.CheckConstraint(
                condition=models.Q(mailbox__regex=CANONICAL), name="data_request_has_a_mailbox"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def token(self) -> str:
        """The secret of the confirmation link."""
        return token_of(bytes(self.nonce))

    def mailed_token(self) -> str:
        """The secret for the mail, as exo_service: the link works from now on, and not before."""
        DataRequest.objects.filter(pk=self.pk).update(token_hash=hash_of(self.token))
        return self.token
