"""Answers kept for 24 hours, so that a repeated request gets the first one's."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from exodrive.timestamps import Timestamped


class IdempotencyKey(Timestamped):
    """One answered request. Written only by the database functions `idem_begin` and `idem_finish`."""

    scope = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    http_status = models.PositiveSmallIntegerField(null=True)
    booking = models.ForeignKey("bookings.Booking", null=True, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "idempotency_keys"
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return self.scope
