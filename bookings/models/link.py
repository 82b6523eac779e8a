"""The secret link of a booking: what opens it, how often it did, and its PIN."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.models.booking import Booking
from bookings.tokens import hash_of, token_of
from exodrive.db.lengths import bytes_at_most
from exodrive.timestamps import Timestamped

UNSENT = "unsent-"  # how the hash of a link begins that no mail has told to anybody yet


class BookingLink(Timestamped):
    """What opens a booking without an account: the nonce that the link's secret is computed from, and its hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="link")
    nonce = models.BinaryField(max_length=16)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    opened = models.PositiveIntegerField(_("opened"), default=0)
    last_opened_at = models.DateTimeField(_("last opened"), null=True)
    pin_salt = models.CharField(max_length=100, blank=True, default="")
    pin_hash = models.CharField(max_length=64, blank=True, default="")
    pin_failures = models.PositiveIntegerField(default=0)
    pin_next_try_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "booking_secure_tokens"
        verbose_name = _("booking link")
        verbose_name_plural = _("booking links")
        constraints = bytes_at_most("booking_secure_tokens", nonce=16)

    def __str__(self) -> str:
        return str(self.booking_id)

    def mailed_token(self) -> str:
        """The secret for a mail, as exo_service. A link that was replaced on demand works from now on, and not before."""
        token = token_of(bytes(self.nonce))
        if self.token_hash.startswith(UNSENT):
            BookingLink.objects.filter(pk=self.pk).update(token_hash=hash_of(token))
        return token

    @property
    def has_pin(self) -> bool:
        """Whether the link alone opens nothing."""
        return self.pin_hash != ""
