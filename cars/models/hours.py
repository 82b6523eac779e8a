"""When somebody is at a place: hours by weekday, and days on which nobody is."""

from datetime import date as Date  # a model field below is called date
from datetime import time
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from exodrive.timestamps import Timestamped


class OpeningHours(Timestamped):
    """When a location is open on one weekday; with a break, there are several. No row means closed."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    location = models.ForeignKey(
        "cars.Location", on_delete=models.CASCADE, related_name="opening_hours", verbose_name=_("location")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    opens = models.TimeField(_("opens"), default=time(10))
    closes = models.TimeField(_("closes"), default=time(18))

    class Meta:
        db_table = "location_hours"
        ordering: ClassVar[list[str]] = ["location", "weekday", "opens"]
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["location", "weekday", "opens"],
                name="opens_once_at_a_time",
                violation_error_message=_("It opens at that time already."),
                violation_error_code="opens",
            ),
            models.CheckConstraint(
                condition=models.Q(opens__lt=models.F("closes")),
                name="opens_before_it_closes",
                violation_error_message=_("It closes before it opens."),
                violation_error_code="closes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class ClosedDay(Timestamped):
    """A day on which a location, or every one, neither hands over nor takes back. A rental may span it."""

    location = models.ForeignKey(
        "cars.Location",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="closed_days",
        verbose_name=_("location"),
        help_text=_("Empty: every location."),
    )
    date = models.DateField(_("date"))
    every_year = models.BooleanField(_("every year"), default=False)
    name = models.CharField(_("name"), max_length=60, blank=True)

    class Meta:
        db_table = "closed_days"
        ordering: ClassVar[list[str]] = ["date", "id"]
        verbose_name = _("closed day")
        verbose_name_plural = _("closed days")

    def __str__(self) -> str:
        return f"{self.date} {self.name}".strip()

    def covers(self, day: Date) -> bool:
        """Whether the location is closed on `day` because of this."""
        if self.every_year:
            return (day.month, day.day) == (self.date.month, self.date.day)
        return day == self.date
