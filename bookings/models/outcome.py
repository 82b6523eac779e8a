"""How a booking ended where its status does not say it: nobody came for the car."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Outcome(models.Model):
    """Mixed into a booking. `lifecycle.no_show` alone writes these columns; the database checks them again."""

    class Ended(models.TextChoices):
        """Nothing where the status says all there is to say."""

        AS_ITS_STATUS = "", "–"
        NO_SHOW = "no_show", _("No-show")

    outcome = models.CharField(
        _("outcome"), max_length=7, choices=Ended, blank=True, default="", editable=False
    )
    kept_until = models.DateField(_("kept its days until"), null=True, editable=False)

    if TYPE_CHECKING:
        get_outcome_display: Any
        get_status_display: Any

    class Meta:
        abstract = True

    @property
    def is_no_show(self) -> bool:
        """Whether it is over because nobody came for the car."""
        return bool(self.outcome == self.Ended.NO_SHOW)

    @property
    def said_status(self) -> str:
        """How far it is, or how it ended."""
        return str(self.get_outcome_display() if self.is_no_show else self.get_status_display())


OUTCOMES: list[Any] = [
    models.CheckConstraint(
        condition=Q(outcome="", kept_until=None)
        | Q(
            outcome="no_show",
            status__in=["cancelled", "refunded"],
            kept_until__gte=F("start_date"),
            kept_until__lte=F("end_date"),
        ),
        name="a_no_show_is_cancelled_and_keeps_days",
    )
]
