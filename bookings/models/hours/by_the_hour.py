"""Hours on a car: who wants which, and the spans that they take in the ledger."""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bookings.hours import MAX_GAP, Hours
from exodrive.timestamps import Timestamped


class ByTheHour(models.Model):
    """Mixed into what has a car for hours, or, without them, for whole days. The instants are in UTC."""

    starts_at = models.DateTimeField(_("starts at"), null=True, editable=False)
    ends_at = models.DateTimeField(_("ends at"), null=True, editable=False)
    before_minutes = models.PositiveSmallIntegerField(
        _("minutes kept free before"), default=0, editable=False
    )
    after_minutes = models.PositiveSmallIntegerField(_("minutes kept free after"), default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def hours(self) -> Hours | None:
        """The hours with their gaps; None for whole days."""
        if self.starts_at is None or self.ends_at is None:
            return None
        return Hours(self.starts_at, self.ends_at, self.before_minutes, self.after_minutes)

    @hours.setter
    def hours(self, hours: Hours | None) -> None:
        """Not saved."""
        self.starts_at = hours.starts_at if hours else None
        self.ends_at = hours.ends_at if hours else None
        self.before_minutes = hours.before_minutes if hours else 0
        self.after_minutes = hours.after_minutes if hours else 0


def hours_that_make_sense(of: str, *, always: bool = False) -> models.CheckConstraint:
    """The constraint of a table: from before until, both or none, and gaps that the ledger takes."""
    gaps = Q(before_minutes__lte=MAX_GAP, after_minutes__lte=MAX_GAP)
    whole_days = Q(starts_at=None, ends_at=None, before_minutes=0, after_minutes=0)
    hours = Q(starts_at__isnull=False, ends_at__isnull=False, starts_at__lt=F("ends_at")) & gaps
    return models.CheckConstraint(
        condition=hours if always else whole_days | hours, name=f"{of}_has_its_hours"
    )


class VehicleAssignment(Timestamped):
    """A span: what of some hours lies on one local day of one car. `bookings.availability.hours.spans` writes them.

    Two constraints that Django has no words for keep the promise (migration `0039_hours`): `no_car_twice_at_once`, over
    one number made of car and minute, and `span_on_a_service_day`, the foreign key to the day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    car = models.ForeignKey("cars.Car", on_delete=models.PROTECT, related_name="spans", db_index=False)
    date = models.DateField(_("date"))
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    before_minutes = models.PositiveSmallIntegerField(_("minutes kept free before"), default=0)
    after_minutes = models.PositiveSmallIntegerField(_("minutes kept free after"), default=0)
    booking: Any = models.ForeignKey(
        "bookings.Booking", null=True, on_delete=models.CASCADE, related_name="spans", db_index=False
    )
    hold: Any = models.ForeignKey(
        "bookings.Hold", null=True, on_delete=models.CASCADE, related_name="spans", db_index=False
    )
    block: Any = models.ForeignKey(
        "bookings.Block", null=True, on_delete=models.CASCADE, related_name="spans", db_index=False
    )
    departure: Any = models.ForeignKey(
        "bookings.TourDeparture", null=True, on_delete=models.CASCADE, related_name="spans", db_index=False
    )
    expires_at = models.DateTimeField(_("lapses"), null=True)

    class Meta:
        db_table = "vehicle_assignments"
        verbose_name = _("span")
        verbose_name_plural = _("spans")
        indexes = [
            models.Index("car", "date", name="spans_of_a_car"),
            models.Index(
                "date",
                "car",
                include=["starts_at", "ends_at", "before_minutes", "after_minutes", "expires_at"],
                name="spans_of_a_day",
            ),
            models.Index("booking", name="spans_of_a_booking", condition=Q(booking__isnull=False)),
            models.Index("hold", name="spans_of_a_hold", condition=Q(hold__isnull=False)),
            models.Index("block", name="spans_of_a_block", condition=Q(block__isnull=False)),
            models.Index("departure", name="spans_of_a_departure", condition=Q(departure__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(booking__isnull=False, hold=None, block=None, departure=None)
                | Q(booking=None, hold__isnull=False, block=None, departure=None)
                | Q(booking=None, hold=None, block__isnull=False, departure=None)
                | Q(booking=None, hold=None, block=None, departure__isnull=False),
                name="span_has_one_claimant",
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None, hold=None) | Q(expires_at__isnull=False, hold__isnull=False),
                name="only_held_spans_lapse",
            ),
            models.CheckConstraint(
                condition=Q(before_minutes__lte=MAX_GAP, after_minutes__lte=MAX_GAP), name="gaps_below_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.starts_at:%H:%M} – {self.ends_at:%H:%M} UTC"
