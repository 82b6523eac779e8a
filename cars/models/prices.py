"""What changes a price: seasons, discounts, fees, extras. Without a car they are for the whole fleet."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cars.models.cars import Car
from cars.models.named import Named
from cars.models.places import Location
from cars.models.terms import Term
from exodrive.db.amounts import PriceField, above_zero


class Per(models.TextChoices):
    """What an amount is for."""

    RENTAL = "rental", _("Per rental")
    DAY = "day", _("Per day")


class Season(Named):
    """Days with a price of their own. Where seasons meet, the higher priority counts, then the one for the car."""

    car = models.ForeignKey(
        Car, null=True, blank=True, on_delete=models.CASCADE, related_name="seasons", verbose_name=_("car")
    )
    start_date = models.DateField(_("first day"))
    end_date = models.DateField(_("last day"))
    priority = models.SmallIntegerField(_("priority"), default=0)
    rate = PriceField(_("rate per day"), null=True, blank=True, validators=[above_zero])
    percent = models.PositiveSmallIntegerField(
        _("per cent of the rate"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text=_("Of the car's rate per day, e.g. 120."),
    )

    class Meta:
        db_table = "seasons"
        ordering: ClassVar[list[str]] = ["start_date", "-priority", "id"]
        verbose_name = _("season")
        verbose_name_plural = _("seasons")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(start_date__lte=F("end_date")),
                name="season_starts_before_it_ends",
                violation_error_message=_("The last day is before the first."),
                violation_error_code="end_date",
            ),
            models.CheckConstraint(
                # Said in full: a comparison with NULL is neither true nor false, and a check lets that pass.
                condition=Q(rate__isnull=True, percent__isnull=False, percent__gt=0)
                | Q(percent__isnull=True, rate__isnull=False, rate__gt=0),
                name="season_has_a_rate_or_a_percentage",
                violation_error_message=_("Give a rate or a percentage, not both."),
                violation_error_code="rate",
            ),
        ]


class Discount(Named):
    """A percentage off the days from a length on. Only the larger of those that apply counts."""

    car = models.ForeignKey(
        Car, null=True, blank=True, on_delete=models.CASCADE, related_name="discounts", verbose_name=_("car")
    )
    min_days = models.PositiveSmallIntegerField(
        _("from days"),
        default=7,
        validators=[MinValueValidator(1)],
        help_text=_("7 for a week, 28 for a month."),
    )
    percent = models.DecimalField(
        _("per cent off"),
        max_digits=4,
        decimal_places=1,
        validators=[above_zero, MaxValueValidator(90)],
    )

    class Meta:
        db_table = "discounts"
        ordering: ClassVar[list[str]] = ["min_days", "id"]
        verbose_name = _("discount")
        verbose_name_plural = _("discounts")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(percent__gt=0, percent__lte=90),
                name="discount_is_a_percentage",
                violation_error_message=_("More than 0 and at most 90 per cent."),
                violation_error_code="percent",
            )
        ]


class Fee(Named):
    """An amount that a rental costs beside its days, always or when its kind applies."""

    class Kind(models.TextChoices):
        CLEANING = "cleaning", _("Cleaning")
        DELIVERY = "delivery", _("Delivery")
        ONE_WAY = "one_way", _("One-way")
        YOUNG_DRIVER = "young_driver", _("Young driver")
        OTHER = "other", _("Other")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    car = models.ForeignKey(
        Car, null=True, blank=True, on_delete=models.CASCADE, related_name="fees", verbose_name=_("car")
    )
    location = models.ForeignKey(
        Location,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="fees",
        verbose_name=_("location"),
        help_text=_("Where the car is returned (one-way) or picked up (delivery). Empty: everywhere."),
    )
    amount = PriceField(_("amount"), validators=[above_zero])
    per = models.CharField(_("for"), max_length=6, choices=Per, default=Per.RENTAL)
    below_age = models.PositiveSmallIntegerField(
        _("below age"), null=True, blank=True, help_text=_("Young driver: for drivers younger than this.")
    )

    class Meta:
        db_table = "fees"
        ordering: ClassVar[list[str]] = ["kind", "id"]
        verbose_name = _("fee")
        verbose_name_plural = _("fees")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="fee_is_positive",
                violation_error_message=_("A fee is more than 0."),
                violation_error_code="amount",
            ),
            models.CheckConstraint(
                condition=~Q(kind="young_driver") | Q(below_age__isnull=False),
                name="young_driver_fee_has_an_age",
                violation_error_message=_("Say below which age."),
                violation_error_code="below_age",
            ),
        ]


class Extra(Named):
    """Something a customer may add, of which only so many exist on any day."""

    location = models.ForeignKey(
        Location,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="extras",
        verbose_name=_("location"),
        help_text=_("Where it can be had. Empty: everywhere, from one stock."),
    )
    price = PriceField(_("price"))
    per = models.CharField(_("for"), max_length=6, choices=Per, default=Per.RENTAL)
    stock = models.PositiveSmallIntegerField(_("stock"), default=1, help_text=_("How many exist on any day."))
    max_per_booking = models.PositiveSmallIntegerField(
        _("at most per booking"), default=1, validators=[MinValueValidator(1)]
    )
    is_offered = models.BooleanField(_("offered"), default=True)
    about = models.CharField(
        _("goes beyond"),
        max_length=13,
        blank=True,
        default="",
        db_default="",
        choices=Term.Kind,
        help_text=_("What of the rental terms it adds to: their words for the car stand beside it."),
    )

    class Meta:
        db_table = "extras"
        ordering: ClassVar[list[str]] = ["price", "id"]
        verbose_name = _("extra")
        verbose_name_plural = _("extras")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(price__gte=0),
                name="extra_is_not_negative",
                violation_error_message=_("A price is not below 0."),
                violation_error_code="price",
            )
        ]
