"""Classes of cars: those of one class replace each other on a ride."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cars.models.named import Named

MOST_PASSENGERS = 20


class CarClass(Named):
    """Cars that replace each other on rides. A car without a class is not for rides."""

    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Classes are listed from the lowest.")
    )
    passengers = models.PositiveSmallIntegerField(
        _("passengers"),
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PASSENGERS)],
        help_text=_("Whom each car of the class takes beside a driver."),
    )
    bags = models.PositiveSmallIntegerField(_("bags"), default=0, validators=[MaxValueValidator(50)])

    class Meta:
        db_table = "car_classes"
        ordering: ClassVar[list[str]] = ["position", "id"]
        verbose_name = _("car class")
        verbose_name_plural = _("car classes")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(passengers__range=(1, MOST_PASSENGERS)),
                name="class_takes_somebody",
                violation_error_message=_("A class takes 1 to 20 passengers."),
                violation_error_code="passengers",
            )
        ]
