"""What a booking knows about the keys of its car: given when, and what staff noted then."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bookings.days import Days


class HandedOver(models.Model):
    """Mixed into a booking. `bookings.lifecycle.keys.given` writes it; the database lets nobody take it back later."""

    handed_over_at = models.DateTimeField(_("handed over"), null=True)
    # The first day that the car is away, where it was handed over before its pick-up day.
    out_from = models.DateField(_("out from"), null=True)
    pickup_odometer_km = models.PositiveIntegerField(_("odometer at pick-up (km)"), null=True)
    pickup_fuel_eighths = models.PositiveSmallIntegerField(_("fuel at pick-up (eighths)"), null=True)
    licence_seen = models.BooleanField(_("driving licence seen"), null=True)
    deposit_taken = models.BooleanField(_("deposit taken at pick-up"), null=True)
    pickup_note = models.TextField(_("note at pick-up"), blank=True, default="", max_length=2000)

    if TYPE_CHECKING:
        start_date: date
        end_date: date
        returned_at: datetime | None

    class Meta:
        abstract = True

    @property
    def kept_days(self) -> Days:
        """The days that the ledger has for it until the car is back: from the one on which it left, when that was early."""
        return Days(self.out_from or self.start_date, self.end_date)

    @property
    def is_out(self) -> bool:
        """Whether its customer has the car, also when the booking was called off since."""
        return self.handed_over_at is not None and self.returned_at is None


HANDED_OVER_RULES: list[models.BaseConstraint] = [
    models.CheckConstraint(
        condition=Q(pickup_fuel_eighths=None) | Q(pickup_fuel_eighths__lte=8), name="fuel_out_in_eighths"
    ),
    models.CheckConstraint(
        condition=Q(out_from=None) | Q(out_from__lt=F("start_date"), handed_over_at__isnull=False),
        name="out_early_is_handed_over_early",
    ),
    # Two customers cannot have the keys of one car, whoever writes it down.
    models.UniqueConstraint(
        fields=["car"],
        condition=Q(handed_over_at__isnull=False, returned_at=None),
        name="one_customer_has_the_car",
    ),
]
