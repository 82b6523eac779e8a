"""Who books."""

import uuid

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exodrive.db.folding import Digits
from exodrive.mailboxes import CANONICAL
from exodrive.phones import DIALABLE
from exodrive.timestamps import Timestamped

MAX_NAME, MAX_PHONE = 200, 40  # characters
# A name goes into the header of a mail, and PostgreSQL stores no NUL.
ONE_LINE = RegexValidator(r"\A[^\x00-\x1f\x7f]*\Z", _("Write it on one line."))
VISIBLE = RegexValidator(r"\S", _("Enter your full name"))
MISSING = {"blank": VISIBLE.message}


class Customer(Timestamped):
    """A person by mailbox, in its normal form, or without one ("") by phone. Anonymous bookings never change what is
    stored here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("email"), blank=True, db_index=True)
    full_name = models.CharField(_("full name"), max_length=MAX_NAME)
    phone = models.CharField(_("phone"), max_length=MAX_PHONE, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="customer",
        verbose_name=_("user"),
    )
    erased_at = models.DateTimeField(_("personal data erased"), null=True, editable=False)

    class Meta:
        db_table = "customers"
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.CheckConstraint(
                condition=Q(email__regex=CANONICAL) | Q(email="", phone__regex=DIALABLE),
                name="customer_has_a_mailbox",
            ),
            models.UniqueConstraint(
                fields=["email"], condition=~Q(email=""), name="one_customer_per_mailbox"
            ),
            models.UniqueConstraint(Digits("phone"), condition=Q(email=""), name="one_customer_per_phone"),
        ]

    def __str__(self) -> str:
        return self.full_name
