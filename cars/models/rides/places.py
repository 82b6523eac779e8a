"""Where rides begin and end: places by name, gathered in zones that share a price."""

from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cars.models.named import Named
from cars.models.places import DATE_LINE, POLE
from exodrive.db.amounts import above_zero
from exodrive.db.folding import Folded

MOST_WAITING = 240  # minutes


class Zone(Named):
    """Places that share a price."""

    class Meta:
        db_table = "zones"
        ordering: ClassVar[list[Any]] = [Folded("name"), "pk"]
        verbose_name = _("zone")
        verbose_name_plural = _("zones")


class Place(Named):
    """An airport, a station, a hotel: what a customer of a ride chooses. Not where cars are rented (`Location`)."""

    class Kind(models.TextChoices):
        AIRPORT = "airport", _("Airport")
        STATION = "station", _("Station")
        CITY = "city", _("Town")
        HOTEL = "hotel", _("Hotel")
        OTHER = "other", _("Other")

    WAITING: ClassVar[dict[str, int]] = {Kind.AIRPORT: 60, Kind.STATION: 15}
    WAITING_ELSEWHERE = 10

    zone = models.ForeignKey(
        Zone,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="places",
        verbose_name=_("zone"),
        help_text=_("Empty: only prices of its own, or by distance."),
    )
    slug = models.SlugField(_("slug"), unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.OTHER)
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=9,
        decimal_places=6,
        validators=[MinValueValidator(-POLE), MaxValueValidator(POLE)],
        help_text=_("From -90 to 90, like 48.856614."),
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        validators=[MinValueValidator(-DATE_LINE), MaxValueValidator(DATE_LINE)],
        help_text=_("From -180 to 180, like 2.352222."),
    )
    radius_km = models.DecimalField(
        _("radius (km)"),
        max_digits=4,
        decimal_places=1,
        default=Decimal("2.0"),
        validators=[above_zero],
        help_text=_("An address this near belongs to the place."),
    )
    wait_minutes = models.PositiveSmallIntegerField(
        _("included waiting (minutes)"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_WAITING)],
        help_text=_("Empty: 60 at airports, 15 at stations, 10 elsewhere."),
    )

    class Meta:
        db_table = "places"
        ordering: ClassVar[list[Any]] = [Folded("name"), "pk"]
        verbose_name = _("place of rides")
        verbose_name_plural = _("places of rides")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(latitude__range=(-POLE, POLE), longitude__range=(-DATE_LINE, DATE_LINE)),
                name="place_is_on_earth",
                violation_error_message=_("The place is not on earth."),
                violation_error_code="latitude",
            ),
            models.CheckConstraint(
                condition=models.Q(radius_km__gt=0),
                name="place_has_a_radius",
                violation_error_message=_("Type more than 0."),
                violation_error_code="radius_km",
            ),
            models.CheckConstraint(
                condition=models.Q(wait_minutes=None) | models.Q(wait_minutes__lte=MOST_WAITING),
                name="waiting_has_an_end",
                violation_error_message=_("At most 240 minutes."),
                violation_error_code="wait_minutes",
            ),
        ]

    @property
    def wait(self) -> int:
        """Minutes that a driver waits here at no extra cost."""
        usual = self.WAITING.get(self.kind, self.WAITING_ELSEWHERE)
        return usual if self.wait_minutes is None else self.wait_minutes

    @property
    def is_airport(self) -> bool:
        """Whether flights land here."""
        return self.kind == self.Kind.AIRPORT
