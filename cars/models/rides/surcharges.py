"""What a ride costs beside its rate: at night, on holidays, at airports, at short notice, for waiting and for stops."""

from datetime import date, datetime, timedelta
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cars.models.fleet import EVERY_DAY
from cars.models.named import Named
from cars.models.rides.classes import CarClass
from cars.models.rides.places import Place
from cars.models.rides.services import Service
from exodrive.db.amounts import PriceField, above_zero

ONE_DAY, ONE_YEAR = timedelta(days=1), timedelta(days=365)
MOST_PERCENT = 300


class Surcharge(Named):
    """A percentage or an amount on top. Those that apply are added up, each on the rate alone."""

    class Kind(models.TextChoices):
        NIGHT = "night", _("Night")
        HOLIDAY = "holiday", _("Holiday")
        AIRPORT = "airport", _("Airport")
        SHORT_NOTICE = "short_notice", _("Short notice")
        WAITING = "waiting", _("Waiting")
        EXTRA_STOP = "extra_stop", _("Extra stop")

    class Per(models.TextChoices):
        RIDE = "ride", _("Per ride")
        UNIT = "unit", _("Per unit of time")
        QUARTER_HOUR = "quarter_hour", _("Per quarter of an hour")
        STOP = "stop", _("Per stop")

    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="surcharges", verbose_name=_("ride service")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    car_class = models.ForeignKey(
        CarClass,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="surcharges",
        verbose_name=_("car class"),
        help_text=_("Empty: every class."),
    )
    place = models.ForeignKey(
        Place,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="surcharges",
        verbose_name=_("place of rides"),
        help_text=_(
            "Where the ride begins or ends. Empty: everywhere; of an airport surcharge, every airport."
        ),
    )
    percent = models.DecimalField(
        _("per cent"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[above_zero, MaxValueValidator(MOST_PERCENT)],
        help_text=_("Of the rate."),
    )
    amount = PriceField(_("amount"), null=True, blank=True, validators=[above_zero])
    per = models.CharField(
        _("for"),
        max_length=12,
        choices=Per,
        default=Per.RIDE,
        help_text=_(
            "By the hour, a unit that begins in the time counts; a transfer and a tour are one unit."
        ),
    )
    from_time = models.TimeField(
        _("from"), null=True, blank=True, help_text=_("Night: until after midnight, too.")
    )
    to_time = models.TimeField(_("until"), null=True, blank=True)
    weekdays = models.PositiveSmallIntegerField(_("weekdays"), null=True, blank=True)
    first_day = models.DateField(_("first day"), null=True, blank=True)
    last_day = models.DateField(_("last day"), null=True, blank=True)
    every_year = models.BooleanField(_("every year"), default=False)
    notice_minutes = models.PositiveSmallIntegerField(
        _("booked later than (minutes before)"), null=True, blank=True, validators=[MinValueValidator(1)]
    )

    class Meta:
        db_table = "surcharges"
        ordering: ClassVar[list[str]] = ["service", "kind", "id"]
        verbose_name = _("surcharge")
        verbose_name_plural = _("surcharges")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                # Said in full: a comparison with NULL is neither true nor false, and a check lets that pass.
                condition=Q(amount=None, percent__isnull=False, percent__gt=0, percent__lte=MOST_PERCENT)
                | Q(percent=None, amount__isnull=False, amount__gt=0),
                name="surcharge_percent_or_amount",
                violation_error_message=_("Give an amount or a percentage, not both."),
                violation_error_code="amount",
            ),
            models.CheckConstraint(
                condition=Q(kind="waiting", per="quarter_hour", percent=None)
                | Q(kind="extra_stop", per="stop", percent=None)
                | Q(kind__in=["night", "holiday", "airport", "short_notice"], per__in=["ride", "unit"]),
                name="surcharge_counts_what_it_is_for",
                violation_error_message=_(
                    "Waiting is an amount per quarter of an hour, a stop an amount per stop; the others are per ride or"
                    " unit."
                ),
                violation_error_code="per",
            ),
            models.CheckConstraint(
                condition=Q(kind="night", from_time__isnull=False, to_time__isnull=False)
                & ~Q(from_time=F("to_time"))
                | ~Q(kind="night") & Q(from_time=None, to_time=None),
                name="night_has_its_hours",
                violation_error_message=_("A night surcharge has two times, the others have none."),
                violation_error_code="from_time",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="holiday",
                    first_day__isnull=False,
                    last_day__isnull=False,
                    last_day__gte=F("first_day"),
                    last_day__lt=F("first_day") + ONE_YEAR,
                )
                | ~Q(kind="holiday") & Q(first_day=None, last_day=None, every_year=False),
                name="holiday_has_its_days",
                violation_error_message=_(
                    "A holiday surcharge has a first and a last day, in order and less than a year apart; the others"
                    " have none."
                ),
                violation_error_code="first_day",
            ),
            models.CheckConstraint(
                condition=Q(kind="short_notice", notice_minutes__isnull=False, notice_minutes__gte=1)
                | ~Q(kind="short_notice") & Q(notice_minutes=None),
                name="short_notice_has_its_minutes",
                violation_error_message=_("Say how short the notice is; only for short notice."),
                violation_error_code="notice_minutes",
            ),
            models.CheckConstraint(
                condition=Q(weekdays=None) | Q(weekdays__range=(1, EVERY_DAY)),
                name="surcharge_weekdays_are_some",
                violation_error_message=_("Choose at least one weekday."),
                violation_error_code="weekdays",
            ),
        ]

    def covers_day(self, day: date) -> bool:
        """Whether a local date is one of its days; without days every date is."""
        if self.first_day is None or self.last_day is None:
            return True
        if not self.every_year:
            return self.first_day <= day <= self.last_day
        first, last, asked = ((d.month, d.day) for d in (self.first_day, self.last_day, day))
        return first <= asked <= last if first <= last else asked >= first or asked <= last

    def covers_clock(self, local: datetime) -> bool:
        """Whether a local time lies in its hours, the last one not included, on one of its weekdays.

        A night belongs to the weekday on which it began.
        """
        began = local.date()
        if self.from_time is not None and self.to_time is not None:
            clock = local.time().replace(tzinfo=None)
            if self.from_time < self.to_time:
                if not self.from_time <= clock < self.to_time:
                    return False
            elif clock < self.to_time:
                began -= ONE_DAY
            elif clock < self.from_time:
                return False
        return self.weekdays is None or bool(self.weekdays >> began.weekday() & 1)
