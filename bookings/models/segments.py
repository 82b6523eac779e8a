"""The cars that a booking had before the one it has now, when one was swapped in the middle of the rental."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.days import ONE_DAY, Days
from exodrive.i18n.formats import day
from exodrive.timestamps import Timestamped

if TYPE_CHECKING:
    from bookings.models.booking import Booking

MAX_CAR_NAME = 121  # characters: make, a space, model


class BookingSegment(Timestamped):
    """Days that a booking spent on a car which was swapped for another. `swap_car` alone writes them; they never change.

    The days on the present car have no row: they go from the day after the last segment to the end of the booking.
    The name is the car's as it was driven, because its customer may not see a car that is not offered any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey(
        "bookings.Booking", on_delete=models.PROTECT, related_name="segments", db_index=False
    )
    car = models.ForeignKey(
        "cars.Car", on_delete=models.PROTECT, related_name="segments", verbose_name=_("car")
    )
    car_name = models.CharField(_("name of the car"), max_length=MAX_CAR_NAME)
    start_date = models.DateField(_("first day"))
    end_date = models.DateField(_("last day"))
    pickup_odometer_km = models.PositiveIntegerField(_("odometer at pick-up (km)"), null=True)
    pickup_fuel_eighths = models.PositiveSmallIntegerField(_("fuel at pick-up (eighths)"), null=True)
    return_odometer_km = models.PositiveIntegerField(_("odometer at return (km)"))
    return_fuel_eighths = models.PositiveSmallIntegerField(_("fuel at return (eighths)"))

    class Meta:
        db_table = "booking_segments"
        ordering = ["start_date"]
        verbose_name = _("days on a former car")
        verbose_name_plural = _("days on former cars")
        constraints = [
            models.UniqueConstraint(fields=["booking", "start_date"], name="one_car_at_a_time"),
            models.CheckConstraint(
                condition=Q(start_date__lte=F("end_date")), name="segment_starts_before_it_ends"
            ),
            models.CheckConstraint(
                condition=Q(return_fuel_eighths__lte=8)
                & (Q(pickup_fuel_eighths=None) | Q(pickup_fuel_eighths__lte=8)),
                name="segment_fuel_in_eighths",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.car_name} {self.start_date} – {self.end_date}"

    @property
    def days(self) -> Days:
        """The days on this car, both included."""
        return Days(self.start_date, self.end_date)


# With the cars, which customers may not see: for staff. Customers read the segments alone.
SEGMENTS = models.Prefetch("segments", BookingSegment.objects.select_related("car"))


@dataclass(frozen=True, slots=True)
class Turn:
    """A car of a booking and its days there; `former` is the segment that it is, None for the present car."""

    car_id: int
    car_name: str
    days: Days
    former: BookingSegment | None = None


class Segmented:
    """Mixed into a booking: its cars, one after the other. Prefetch `segments` in lists, for staff `SEGMENTS`."""

    @property
    def former_segments(self: Any) -> list[BookingSegment]:
        """Of cars that it had before, in turn. No query before the hand-over: nothing was driven then."""
        booking: Booking = self
        if booking.handed_over_at is None:
            return []
        return list(booking.segments.all())

    @property
    def car_since(self: Any) -> date:
        """Its first day on the present car."""
        former = self.former_segments
        first: date = former[-1].end_date + ONE_DAY if former else self.kept_days.start
        return first

    @property
    def car_days(self: Any) -> Days:
        """Its days on the present car, both included, as booked."""
        return Days(self.car_since, self.end_date)

    @property
    def turns(self: Any) -> list[Turn]:
        """All its cars in turn; together their days are those of the booking."""
        former = [
            Turn(segment.car_id, segment.car_name, segment.days, segment) for segment in self.former_segments
        ]
        return [*former, Turn(self.car_id, self.car.name, self.car_days)]

    @property
    def cars_in_words(self) -> str:
        """ "Calder GT"; "Calder GT until 26 Nov, then Volta E3" after a swap."""
        *former, last = self.turns
        words = last.car_name
        for turn in reversed(former):
            parts = {"car": turn.car_name, "day": day(turn.days.end), "then": words}
            words = gettext("%(car)s until %(day)s, then %(then)s") % parts
        return words

    def days_on(self: Any, car_id: int, on: date) -> Days:
        """The days on a former car around the day `on`; those on the present car for any other."""
        former = (
            segment.days
            for segment in self.former_segments
            if segment.car_id == car_id and on in segment.days
        )
        days: Days = next(former, self.car_days)
        return days
