"""Tours: what a service of that kind is beside its rates. On which days it departs is not said here."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from cars.models.rides.places import Place
from cars.models.rides.services import LONGEST, Service
from exodrive.timestamps import Timestamped

MOST_SEATS = 60


class Tour(Timestamped):
    """Length, meeting place, languages and seats of a tour."""

    service = models.OneToOneField(
        Service, on_delete=models.CASCADE, related_name="tour", verbose_name=_("ride service")
    )
    # Half of a foreign key, written in SQL where the table is made: only a service of this kind has one.
    service_kind = models.GeneratedField(
        expression=Value("tour"), output_field=models.CharField(max_length=8), db_persist=True
    )
    duration_minutes = models.PositiveSmallIntegerField(
        _("duration (minutes)"), validators=[MinValueValidator(15), MaxValueValidator(LONGEST)]
    )
    meeting_place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="tours", verbose_name=_("meeting place")
    )
    languages = ArrayField(
        models.CharField(max_length=2, choices=settings.LANGUAGES), verbose_name=_("languages")
    )
    default_capacity = models.PositiveSmallIntegerField(
        _("seats"), validators=[MinValueValidator(1), MaxValueValidator(MOST_SEATS)]
    )
    min_passengers = models.PositiveSmallIntegerField(
        _("takes place from (persons)"), default=1, validators=[MinValueValidator(1)]
    )

    class Meta:
        db_table = "tours"
        ordering: ClassVar[list[str]] = ["id"]
        verbose_name = _("tour")
        verbose_name_plural = _("tours")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(duration_minutes__range=(15, LONGEST)),
                name="tour_has_a_duration",
                violation_error_message=_("A tour takes a quarter of an hour to a week."),
                violation_error_code="duration_minutes",
            ),
            models.CheckConstraint(
                condition=Q(min_passengers__gte=1, min_passengers__lte=F("default_capacity")),
                name="tour_fits_its_seats",
                violation_error_message=_("It takes more persons to take place than it has seats."),
                violation_error_code="min_passengers",
            ),
            models.CheckConstraint(
                condition=Q(languages__len__gte=1),
                name="tour_is_told_in_some_language",
                violation_error_message=_("Choose at least one language."),
                violation_error_code="languages",
            ),
        ]

    def __str__(self) -> str:
        return str(self.service)
