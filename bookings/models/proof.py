"""Whether somebody can be reached under the address that a booking was made with."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.models.booking import Booking
from bookings.tokens import hash_of, token_of
from exodrive.mailboxes import CANONICAL, MAX_ADDRESS
from exodrive.timestamps import Timestamped

LAPSED = "lapsed-"  # how the hash of a link begins that came too late


class BookingProof(Timestamped):
    """Keeps a car only for people whose mailbox exists: who booked proves it by `due_at`, or the booking is cancelled.

    Written by `must_prove` with every booking. The secret of the mailed link is made like a booking's, and begins to work
    when the worker writes the mail. `visitor` and `network` are keyed hashes of who booked, until that is known.
    """

    class How(models.TextChoices):
        MAIL = "mail", _("By the link in the email")
        CODE = "code", _("By a code sent by email")
        EARLIER = "earlier", _("By an earlier rental")
        PAYMENT = "payment", _("By a payment")
        STAFF = "staff", _("By staff")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="proof")
    due_at = models.DateTimeField(_("to be proven by"))
    proven_at = models.DateTimeField(_("proven"), null=True)
    how = models.CharField(_("how"), max_length=8, choices=How, blank=True)
    visitor = models.CharField(max_length=64, blank=True)
    network = models.CharField(max_length=64, blank=True)
    nonce = models.BinaryField(max_length=16)
    token_hash = models.CharField(max_length=64, unique=True)
    corrections = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "booking_proofs"
        verbose_name = _("proof of a mailbox")
        verbose_name_plural = _("proofs of mailboxes")
        indexes = [
            models.Index("due_at", name="proofs_to_come", condition=models.Q(proven_at=None)),
            models.Index("visitor", name="proofs_of_a_visitor", condition=models.Q(proven_at=None)),
            models.Index("network", name="proofs_of_a_network", condition=models.Q(proven_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(proven_at=None, how="")
                | models.Q(proven_at__isnull=False) & ~models.Q(how=""),
                name="what_is_proven_says_how",
            )
        ]

    def __str__(self) -> str:
        return self.get_how_display() or str(_("Unproven"))

    @property
    def waits(self) -> bool:
        """Whether the booking ends by itself because nobody has proven its mailbox."""
        return self.proven_at is None and self.booking.status == Booking.Status.PENDING

    def mailed_token(self) -> str:
        """The secret for a mail, as exo_service: the link works from now on, and not before, unless its time is over."""
        token = token_of(bytes(self.nonce))
        alive = BookingProof.objects.filter(pk=self.pk).exclude(token_hash__startswith=LAPSED)
        alive.update(token_hash=hash_of(token))
        return token


class MailboxCode(Timestamped):
    """A code sent to a mailbox before anything is booked, where too much is held for nothing already.

    Only the browser that asked for it may use it (`visitor`, a keyed hash). Written by database functions only.
    """

    LASTS_MINUTES = 15
    MAX_TRIES = 5

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mailbox = models.CharField(_("mailbox"), max_length=MAX_ADDRESS)
    visitor = models.CharField(max_length=64)
    language = models.CharField(_("language"), max_length=2)
    code = models.CharField(max_length=6)
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)

    class Meta:
        db_table = "mailbox_codes"
        verbose_name = _("code for a mailbox")
        verbose_name_plural = _("codes for mailboxes")
        indexes = [models.Index("mailbox", "created_at", name="codes_of_a_mailbox")]
        constraints = [
            models.CheckConstraint(condition=models.Q(mailbox__regex=CANONICAL), name="code_has_a_mailbox")
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"
