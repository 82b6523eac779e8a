"""Departures: a tour on a date, with one car and a row for every seat that exists."""

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.days import Days
from bookings.models.hours.by_the_hour import ByTheHour, hours_that_make_sense
from exodrive.timestamps import Timestamped

MOST_SEATS = 60
LATEST = 7 * 24 * 60  # minutes before the start at which seats stop being sold, at most


class TourDeparture(ByTheHour, Timestamped):
    """It has its car by a span in the ledger, as a block has; bookings have seats and no span of their own."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")
        DONE = "done", _("Done")

    tour = models.ForeignKey(
        "cars.Tour", on_delete=models.PROTECT, related_name="departures", verbose_name=_("tour")
    )
    car = models.ForeignKey(
        "cars.Car", on_delete=models.PROTECT, related_name="departures", verbose_name=_("car")
    )
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    capacity = models.PositiveSmallIntegerField(
        _("seats"), validators=[MinValueValidator(1), MaxValueValidator(MOST_SEATS)]
    )
    cutoff_minutes = models.PositiveSmallIntegerField(
        _("seats are sold until (minutes before)"), default=60, validators=[MaxValueValidator(LATEST)]
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.OPEN)

    class Meta:
        db_table = "tour_departures"
        ordering: ClassVar[list[str]] = ["starts_at", "id"]
        verbose_name = _("departure")
        verbose_name_plural = _("departures")
        indexes: ClassVar[list[models.Index]] = [
            models.Index("tour", "starts_at", name="departures_of_a_tour"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            hours_that_make_sense("departure", always=True),
            models.CheckConstraint(
                condition=Q(capacity__range=(1, MOST_SEATS), cutoff_minutes__lte=LATEST),
                name="departure_has_some_seats",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "closed", "cancelled", "done"]),
                name="departure_of_a_known_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tour} {self.starts_at:%Y-%m-%d %H:%M} UTC"

    @property
    def days(self) -> Days:
        """The local days on which it has its car."""
        return self.hours.days(self.car.location.zone)  # type: ignore[union-attr]

    @property
    def sold_until(self) -> Any:
        """The instant after which no seat is sold any more."""
        return self.starts_at - timedelta(minutes=self.cutoff_minutes)

    @property
    def is_over(self) -> bool:
        """Whether nobody buys or leaves a seat of it any more."""
        return self.status in (self.Status.CANCELLED, self.Status.DONE)


class DepartureSeat(Timestamped):
    """One seat: free where it is nobody's, or its hold has lapsed. `bookings.availability.departures.seats` writes it."""

    departure = models.ForeignKey(
        TourDeparture, on_delete=models.CASCADE, related_name="seats", db_index=False
    )
    seat = models.PositiveSmallIntegerField(_("seat"))
    booking: Any = models.ForeignKey(
        "bookings.Booking", null=True, on_delete=models.PROTECT, related_name="seats", db_index=False
    )
    hold: Any = models.ForeignKey(
        "bookings.Hold", null=True, on_delete=models.PROTECT, related_name="held_seats", db_index=False
    )
    expires_at = models.DateTimeField(_("lapses"), null=True)

    class Meta:
        db_table = "departure_seats"
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        default_permissions: ClassVar[tuple[str, ...]] = ()
        indexes: ClassVar[list[models.Index]] = [
            models.Index("booking", name="seats_of_a_booking", condition=Q(booking__isnull=False)),
            models.Index("hold", name="seats_of_a_hold", condition=Q(hold__isnull=False)),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["departure", "seat"], name="one_row_per_seat"),
            models.CheckConstraint(condition=Q(booking=None) | Q(hold=None), name="seat_has_one_claimant"),
            models.CheckConstraint(
                condition=Q(expires_at=None, hold=None) | Q(expires_at__isnull=False, hold__isnull=False),
                name="only_held_seats_lapse",
            ),
        ]

    def __str__(self) -> str:
        return str(self.seat)


class HasSeats(models.Model):
    """Mixed into holds and rides: seats on a departure, or none of it and a car to oneself."""

    departure = models.ForeignKey(
        TourDeparture,
        null=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        editable=False,
        verbose_name=_("departure"),
    )
    seats = models.PositiveSmallIntegerField(_("seats"), default=0, editable=False)

    class Meta:
        abstract = True


def seats_of_a_departure(of: str) -> models.CheckConstraint:
    """The constraint of a table: seats where there is a departure, and only there."""
    return models.CheckConstraint(
        condition=Q(departure=None, seats=0) | Q(departure__isnull=False, seats__range=(1, MOST_SEATS)),
        name=f"{of}_has_seats_on_a_departure",
    )
