"""Extras of bookings, and how many of each are taken on a day."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exodrive.timestamps import Timestamped


class BookingExtra(Timestamped):
    """An extra of a booking on its days. Written only by the database function `book_extras`."""

    booking = models.ForeignKey("bookings.Booking", on_delete=models.CASCADE, related_name="extras")
    extra = models.ForeignKey(
        "cars.Extra", on_delete=models.PROTECT, related_name="+", verbose_name=_("extra")
    )
    quantity = models.PositiveSmallIntegerField(_("quantity"))
    start_date = models.DateField(_("first day"))
    end_date = models.DateField(_("last day"))

    class Meta:
        db_table = "booking_extras"
        verbose_name = _("extra of a booking")
        verbose_name_plural = _("extras of a booking")
        constraints = [
            models.UniqueConstraint(fields=["booking", "extra"], name="one_row_per_booking_and_extra"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="some_of_an_extra"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.extra_id}"


class ExtraDay(Timestamped):
    """How many of an extra are taken on a day, over all bookings."""

    extra = models.ForeignKey("cars.Extra", on_delete=models.PROTECT, related_name="days", db_index=False)
    date = models.DateField(_("date"))
    taken = models.PositiveSmallIntegerField(_("taken"))

    class Meta:
        db_table = "extra_days"
        verbose_name = _("day of an extra")
        verbose_name_plural = _("days of extras")
        constraints = [models.UniqueConstraint(fields=["extra", "date"], name="one_count_per_extra_day")]

    def __str__(self) -> str:
        return f"{self.date} {self.taken}"
