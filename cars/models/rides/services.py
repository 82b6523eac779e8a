"""Services: a driver or a car by the hour, transfers between places, tours. Each with its hours, tax and rules."""

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cars.models.hours import OpeningHours
from cars.models.languages import in_reader_language
from cars.models.named import Named
from cars.models.places import Location
from exodrive.db.amounts import PriceField
from exodrive.db.arrays import AllWithin
from exodrive.i18n.formats import clock
from exodrive.money import Money, catalogue_price
from exodrive.timestamps import Timestamped

LONGEST = 7 * 24 * 60  # minutes of a ride
MOST_GAP = 12 * 60  # minutes kept free around one; the ledger of hours knows no more
MOST_QUICK = 8  # buttons
STEPS = (5, 10, 15, 20, 30, 60)


def usual_durations() -> list[int]:
    """Half an hour, one, two, four and eight hours, in minutes."""
    return [30, 60, 120, 240, 480]


class Service(Named):
    """Something that is ridden instead of rented. All its clock times are those of its location."""

    class Kind(models.TextChoices):
        HOURLY = "hourly", _("By the hour")
        TRANSFER = "transfer", _("Transfer")
        TOUR = "tour", _("Tour")

    class Unit(models.IntegerChoices):
        QUARTER = 15, _("quarter of an hour")
        HALF = 30, _("half hour")
        HOUR = 60, _("hour")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    slug = models.SlugField(_("slug"), unique=True)
    location = models.ForeignKey(
        Location,
        on_delete=models.PROTECT,
        related_name="services",
        verbose_name=_("location"),
        help_text=_("Whose cars drive, and whose clock and closed days count."),
    )
    with_driver = models.BooleanField(_("with driver"), default=True)
    is_offered = models.BooleanField(_("offered"), default=False)
    tax_rate = models.DecimalField(
        _("tax rate (per cent)"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("Carriage of passengers often has another one than hire by the hour."),
    )
    deposit = PriceField(_("security deposit"), default=0)
    description = models.TextField(_("description"), blank=True)
    description_es = models.TextField(_("description (Spanish)"), blank=True)
    description_fr = models.TextField(_("description (French)"), blank=True)
    description_pt = models.TextField(_("description (Portuguese)"), blank=True)

    unit_minutes = models.PositiveSmallIntegerField(
        _("is charged by the"), choices=Unit, default=Unit.HALF, help_text=_("Each that has begun counts.")
    )
    min_minutes = models.PositiveSmallIntegerField(
        _("shortest duration (minutes)"), default=60, validators=[MinValueValidator(1)]
    )
    max_minutes = models.PositiveSmallIntegerField(
        _("longest duration (minutes)"), default=12 * 60, validators=[MaxValueValidator(LONGEST)]
    )
    step_minutes = models.PositiveSmallIntegerField(
        _("starts every (minutes)"), choices=[(n, str(n)) for n in STEPS], default=15
    )
    quick_minutes = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(LONGEST)]),
        verbose_name=_("quick durations (minutes)"),
        size=MOST_QUICK,
        default=usual_durations,
        blank=True,
        help_text=_("Buttons beside the times, like 30, 60, 120."),
    )
    before_minutes = models.PositiveSmallIntegerField(
        _("kept free before (minutes)"), default=30, validators=[MaxValueValidator(MOST_GAP)]
    )
    after_minutes = models.PositiveSmallIntegerField(
        _("kept free after (minutes)"), default=30, validators=[MaxValueValidator(MOST_GAP)]
    )
    lead_time_minutes = models.PositiveSmallIntegerField(_("lead time (minutes)"), default=120)
    horizon_days = models.PositiveSmallIntegerField(
        _("bookable days ahead"), default=180, validators=[MinValueValidator(1)]
    )
    free_cancel_hours = models.PositiveSmallIntegerField(
        _("free cancellation until (hours before)"), default=24
    )
    cancel_until_minutes = models.PositiveSmallIntegerField(
        _("cancellation by the customer until (minutes before)"), default=60
    )

    class Meta:
        db_table = "services"
        ordering: ClassVar[list[str]] = ["kind", "id"]
        verbose_name = _("ride service")
        verbose_name_plural = _("ride services")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # What rates and tours point to: a service keeps its kind while it has any.
            models.UniqueConstraint(
                fields=["id", "kind"],
                name="service_and_its_kind",
                violation_error_message=_("A service keeps its kind."),
                violation_error_code="kind",
            ),
            models.CheckConstraint(
                condition=Q(min_minutes__gte=1, min_minutes__lte=F("max_minutes"), max_minutes__lte=LONGEST),
                name="shortest_ride_below_longest",
                violation_error_message=_(
                    "The longest ride is shorter than the shortest, or longer than a week."
                ),
                violation_error_code="max_minutes",
            ),
            models.CheckConstraint(
                condition=Q(unit_minutes__in=[15, 30, 60], step_minutes__in=STEPS),
                name="units_and_steps_divide_the_hour",
                violation_error_message=_("Units and steps divide the hour."),
                violation_error_code="unit_minutes",
            ),
            models.CheckConstraint(
                condition=Q(before_minutes__lte=MOST_GAP, after_minutes__lte=MOST_GAP),
                name="gaps_of_half_a_day",
                violation_error_message=_("At most 12 hours are kept free around a ride."),
                violation_error_code="before_minutes",
            ),
            models.CheckConstraint(
                condition=Q(tax_rate__range=(0, 100)),
                name="tax_is_a_percentage",
                violation_error_message=_("A tax rate is between 0 and 100 per cent."),
                violation_error_code="tax_rate",
            ),
            models.CheckConstraint(
                condition=Q(AllWithin("quick_minutes", 1, LONGEST)) & Q(quick_minutes__len__lte=MOST_QUICK),
                name="quick_durations_are_durations",
                violation_error_message=_("At most 8 durations, none longer than a week."),
                violation_error_code="quick_minutes",
            ),
        ]

    def clean(self) -> None:
        """Quick durations in order, each once."""
        super().clean()
        self.quick_minutes = sorted(set(self.quick_minutes or []))

    @property
    def about(self) -> str:
        """The description in the reader's language."""
        return in_reader_language(self, "description")

    @property
    def tax_share(self) -> Decimal:
        """The tax rate as a part of one: 0.2 for 20 per cent."""
        return self.tax_rate / 100

    @property
    def deposit_money(self) -> Money:
        """The security deposit, as listed."""
        return catalogue_price(self.deposit)


class ServiceHours(Timestamped):
    """When a service runs on one weekday. No row: not on that day. Closing at or before opening is on the next day, so
    from 00:00 to 00:00 is all day.
    """

    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="hours", verbose_name=_("ride service")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=OpeningHours.Weekday)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(
        _("closes"), help_text=_("At or before the opening time: on the next day. 00:00 to 00:00: all day.")
    )

    class Meta:
        db_table = "service_hours"
        ordering: ClassVar[list[str]] = ["service", "weekday", "opens"]
        verbose_name = _("hours of a service")
        verbose_name_plural = _("hours of a service")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["service", "weekday", "opens"],
                name="service_opens_once_at_a_time",
                violation_error_message=_("It opens at that time already."),
                violation_error_code="opens",
            ),
            models.CheckConstraint(
                condition=Q(weekday__lte=6),
                name="service_hours_of_a_weekday",
                violation_error_message=_("A week has seven days."),
                violation_error_code="weekday",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {clock(self.opens)}–{clock(self.closes)}"
