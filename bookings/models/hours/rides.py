"""Rides: what a booking that is not a rental is for, and what kind of booking it is."""

import uuid
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.models.customer import MAX_NAME, ONE_LINE
from bookings.models.hours.by_the_hour import ByTheHour, hours_that_make_sense
from bookings.models.hours.departures import HasSeats, seats_of_a_departure
from exodrive.timestamps import Timestamped

MAX_ADDRESS_TEXT = 250  # characters
MOST_PEOPLE, MOST_BAGS = 60, 99
FLIGHT = r"^[A-Z0-9]{2}[0-9]{1,4}$"


class OfAKind(models.Model):
    """Mixed into bookings: a rental by the day, or a ride."""

    class Kind(models.TextChoices):
        RENTAL = "rental", _("Rental")
        HOURLY = "hourly", _("By the hour")
        TRANSFER = "transfer", _("Transfer")
        TOUR = "tour", _("Tour")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.RENTAL, editable=False)

    class Meta:
        abstract = True

    @property
    def is_ride(self) -> bool:
        """Whether it has hours and a `ride`, instead of days."""
        return self.kind != self.Kind.RENTAL


KNOWN_KIND = models.CheckConstraint(
    condition=Q(kind__in=[str(kind) for kind in OfAKind.Kind]), name="booking_of_a_known_kind"
)


class HeldForARide(HasSeats):
    """Mixed into holds: the ride that is chosen; nobody's name or address is kept before it is booked."""

    service = models.ForeignKey(
        "cars.Service", null=True, on_delete=models.CASCADE, related_name="holds", editable=False
    )
    car_class = models.ForeignKey(
        "cars.CarClass", null=True, on_delete=models.CASCADE, related_name="holds", editable=False
    )
    choice = models.JSONField(
        default=dict, editable=False, help_text=_("Of a ride: places by id, passengers, bags.")
    )

    class Meta:
        abstract = True

    @property
    def is_ride(self) -> bool:
        """Whether hours are held, and not days."""
        return self.service_id is not None


HELD_RIDE = models.CheckConstraint(
    condition=Q(service=None, car_class=None)
    | Q(service__isnull=False, car_class__isnull=False, starts_at__isnull=False),
    name="hold_of_a_ride_has_its_class",
)


class Ride(HasSeats, ByTheHour, Timestamped):
    """Of a booking that is not for whole days: when, which service and class of cars, and who is driven from where to where.

    Its spans in the ledger say the same hours; with a departure it has seats instead. A booking with a ride has no days of
    its own: those on which its spans stand are service days. Ending early sets `ends_at`. A given car was chosen by the
    customer, and is not swapped unasked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.OneToOneField("bookings.Booking", on_delete=models.PROTECT, related_name="ride")
    service = models.ForeignKey(
        "cars.Service", on_delete=models.PROTECT, related_name="rides", verbose_name=_("ride service")
    )
    car_class = models.ForeignKey(
        "cars.CarClass", on_delete=models.PROTECT, related_name="rides", verbose_name=_("car class")
    )
    given_car = models.BooleanField(_("this very car"), default=False)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    from_place = models.ForeignKey(
        "cars.Place", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("from place")
    )
    to_place = models.ForeignKey(
        "cars.Place", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("to place")
    )
    from_text = models.CharField(
        _("pick-up address"), max_length=MAX_ADDRESS_TEXT, blank=True, default="", validators=[ONE_LINE]
    )
    to_text = models.CharField(
        _("destination"), max_length=MAX_ADDRESS_TEXT, blank=True, default="", validators=[ONE_LINE]
    )
    flight_number = models.CharField(
        _("flight number"),
        max_length=6,
        blank=True,
        default="",
        validators=[RegexValidator(FLIGHT, _("Type a flight number like AF1234."))],
    )
    sign_name = models.CharField(
        _("name on the sign"), max_length=MAX_NAME, blank=True, default="", validators=[ONE_LINE]
    )
    passengers = models.PositiveSmallIntegerField(
        _("passengers"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_PEOPLE)]
    )
    children = models.PositiveSmallIntegerField(
        _("of them children"), default=0, validators=[MaxValueValidator(MOST_PEOPLE)]
    )
    bags = models.PositiveSmallIntegerField(_("bags"), default=0, validators=[MaxValueValidator(MOST_BAGS)])
    distance_km = models.DecimalField(_("way by road (km)"), max_digits=6, decimal_places=1, null=True)
    driver_name = models.CharField(
        _("driver"), max_length=MAX_NAME, blank=True, default="", validators=[ONE_LINE]
    )

    class Meta:
        db_table = "rides"
        verbose_name = _("ride")
        verbose_name_plural = _("rides")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            hours_that_make_sense("ride", always=True),
            seats_of_a_departure("ride"),
            models.CheckConstraint(
                condition=Q(
                    passengers__range=(1, MOST_PEOPLE), children__lte=MOST_PEOPLE, bags__lte=MOST_BAGS
                ),
                name="ride_of_some_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} – {self.ends_at:%H:%M}"

    @property
    def says_its_car(self) -> bool:
        """Whether its customer is told which car comes, and not only of which class."""
        return self.given_car or bool(self.driver_name)
