"""When a car is to be looked after: by its odometer, by the calendar, or by both, whichever comes first."""

from calendar import monthrange
from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_MONTHS = 120


class Serviced(models.Model):
    """Mixed into a car. Km are of its odometer, dates of its location's calendar."""

    service_due_km = models.PositiveIntegerField(_("next service at (km)"), null=True, blank=True)
    service_due_on = models.DateField(_("next service on"), null=True, blank=True)
    service_every_km = models.PositiveIntegerField(
        _("service every (km)"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    service_every_months = models.PositiveSmallIntegerField(
        _("service every (months)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)],
    )

    class Meta:
        abstract = True

    def plan_service_after(self, *, km: int, day: date) -> None:
        """Set when the next one is due after one at `km` on `day`; without an interval none is. Does not save."""
        self.service_due_km = km + self.service_every_km if self.service_every_km else None
        self.service_due_on = (
            _months_later(day, self.service_every_months) if self.service_every_months else None
        )


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
