"""The rules of the whole fleet. A car follows them unless it has a number of its own."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exodrive.timestamps import Timestamped

EVERY_DAY = 0b1111111  # weekdays as bits, Monday the lowest


class Fleet(Timestamped):
    """Default rules for its cars. Days are calendar days, hours are hours of the location's clock."""

    name = models.CharField(_("name"), max_length=60, unique=True, default="Exodrive")
    min_days = models.PositiveSmallIntegerField(
        _("minimum days"), default=1, validators=[MinValueValidator(1)]
    )
    max_days = models.PositiveSmallIntegerField(
        _("maximum days"), default=28, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    buffer_days = models.PositiveSmallIntegerField(
        _("buffer days"),
        default=0,
        validators=[MaxValueValidator(30)],
        help_text=_("Kept free after a rental."),
    )
    horizon_days = models.PositiveSmallIntegerField(
        _("bookable days ahead"), default=365, help_text=_("The last return day, counted from today.")
    )
    lead_time_hours = models.PositiveSmallIntegerField(
        _("lead time (hours)"), default=0, help_text=_("Between booking and opening time on the pick-up day.")
    )
    cut_off_hour = models.PositiveSmallIntegerField(
        _("same-day cut-off hour"),
        default=12,
        validators=[MaxValueValidator(24)],
        help_text=_("Pick-up today can be booked before this hour."),
    )
    pickup_weekdays = models.PositiveSmallIntegerField(_("pick-up weekdays"), default=EVERY_DAY)
    dropoff_weekdays = models.PositiveSmallIntegerField(_("return weekdays"), default=EVERY_DAY)

    class Meta:
        db_table = "fleets"
        verbose_name = _("fleet")
        verbose_name_plural = _("fleets")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(min_days__gte=1) & Q(min_days__lte=F("max_days")),
                name="fleet_minimum_below_maximum",
                violation_error_message=_("The longest rental is shorter than the shortest."),
                violation_error_code="max_days",
            ),
            models.CheckConstraint(
                condition=Q(pickup_weekdays__range=(1, EVERY_DAY), dropoff_weekdays__range=(1, EVERY_DAY)),
                name="fleet_weekdays_are_some",
                violation_error_message=_("Choose at least one weekday."),
                violation_error_code="pickup_weekdays",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def default(cls) -> "Fleet":
        """The fleet of a car that names none; made on first use."""
        return cls.objects.order_by("pk").first() or cls.objects.create()
