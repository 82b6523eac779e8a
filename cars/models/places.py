"""Where cars are picked up and returned: locations with their time zone and what their hours mean."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, time
from datetime import date as Date
from itertools import groupby
from typing import Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import get_timezone_location
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cars.models.hours import ClosedDay, OpeningHours
from exodrive.db.folding import Folded
from exodrive.db.together import read
from exodrive.i18n import formats
from exodrive.timestamps import Timestamped

OfAPlace = TypeVar("OfAPlace", OpeningHours, ClosedDay)
POLE, DATE_LINE = 90, 180  # degrees
Span = tuple[time, time]  # from opening to closing, both included
UNKNOWN: Span = (time(10), time(18))
# PostgreSQL reads UTC, CET and their like as abbreviations: an hour off in summer.
AREA_AND_CITY = r"^[A-Z][A-Za-z]+(/[A-Za-z0-9_+-]+){1,2}$"


def _by_weekday(rows: Iterable[OpeningHours]) -> dict[int, tuple[Span, ...]]:
    hours = sorted(rows, key=lambda h: (h.weekday, h.opens))
    return {
        day: tuple((h.opens, h.closes) for h in found) for day, found in groupby(hours, lambda h: h.weekday)
    }


def _by_place(rows: Iterable[OfAPlace]) -> dict[int | None, list[OfAPlace]]:
    found: dict[int | None, list[OfAPlace]] = defaultdict(list)
    for row in rows:
        found[row.location_id].append(row)
    return found


def validate_time_zone(value: str) -> None:
    """Raise ValidationError unless `value` is an IANA time zone of the form Area/City."""
    if not re.fullmatch(AREA_AND_CITY, value) or value not in available_timezones():
        raise ValidationError(_("%(value)s is not a time zone, like Europe/Paris."), params={"value": value})


class Agency(Timestamped):
    """Who runs locations. One default agency; staff can later be scoped to theirs."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("slug"), unique=True)

    class Meta:
        db_table = "agencies"
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")

    def __str__(self) -> str:
        return self.name


class Location(Timestamped):
    """A place where cars are picked up and returned. All its days are days of its own time zone."""

    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="locations", verbose_name=_("agency")
    )
    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("slug"), unique=True)
    address = models.CharField(_("address"), max_length=250)
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
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="Europe/Paris", validators=[validate_time_zone]
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    class Meta:
        db_table = "locations"
        ordering: ClassVar[list[Any]] = [Folded("name"), "pk"]
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(time_zone__regex=AREA_AND_CITY),
                name="time_zone_is_area_and_city",
                violation_error_message=_("A time zone is written like Europe/Paris."),
                violation_error_code="time_zone",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__range=(-POLE, POLE)),
                name="latitude_is_on_earth",
                violation_error_message=_("A latitude is between -90 and 90."),
                violation_error_code="latitude",
            ),
            models.CheckConstraint(
                condition=models.Q(longitude__range=(-DATE_LINE, DATE_LINE)),
                name="longitude_is_on_earth",
                violation_error_message=_("A longitude is between -180 and 180."),
                violation_error_code="longitude",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def with_hours(cls) -> "list[Location]":
        """All locations with what `is_closed` and `opens_on` ask of them, in three queries."""
        places, hours, closed = read(Location), read(OpeningHours), read(ClosedDay)
        opens, closes = _by_place(hours), _by_place(closed)
        for place in places:
            place.__dict__["_closed"] = [*closes[None], *closes[place.pk]]
            place.__dict__["_hours"] = _by_weekday(opens[place.pk])
        return places

    @property
    def city(self) -> str:
        """What its time zone is called after, in the reader's language: "Paris", "Madère"."""
        return get_timezone_location(self.time_zone, locale=formats.locale(), return_city=True)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of every date and clock time here."""
        return ZoneInfo(self.time_zone)

    def today(self, at: datetime) -> Date:
        """The local date at the instant `at`."""
        return at.astimezone(self.zone).date()

    def instant(self, day: Date, clock: time) -> datetime:
        """The instant of a local clock time on a local date (the earlier one where the clock is put back).

        In UTC: Python subtracts and compares instants of one zone by the wall clock, an hour off across a clock change.
        """
        return datetime.combine(day, clock, tzinfo=self.zone).astimezone(UTC)

    def shows(self, day: Date, clock: time) -> bool:
        """Whether a clock here shows that time on that date: not in the hour that is skipped when it is put forward."""
        local = self.instant(day, clock).astimezone(UTC).astimezone(self.zone)
        return local.replace(tzinfo=None) == datetime.combine(day, clock)

    @cached_property
    def _hours(self) -> dict[int, tuple[Span, ...]]:
        return _by_weekday(self.opening_hours.all())

    @property
    def hours_text(self) -> str:
        """When somebody is there, weekday by weekday, in the reader's language; "" where no hours are known."""
        return formats.opening_hours(self._hours)

    @property
    def number(self) -> str:
        """Whom to call about a car here: the branch, else the business."""
        return self.phone or settings.BUSINESS_PHONE

    @property
    def line(self) -> str:
        """Name and address on one line."""
        return f"{self.name}, {self.address}"

    def spans_on(self, day: Date) -> tuple[Span, ...]:
        """Opening and closing times on a date, in order; nothing where the location is closed on that weekday."""
        return self._hours.get(day.weekday(), ())

    def times_on(self, day: Date) -> tuple[Span, ...]:
        """The same, from 10:00 to 18:00 where no hours are known."""
        return self.spans_on(day) or (UNKNOWN,)

    @cached_property
    def _closed(self) -> list[ClosedDay]:
        # Days without a location are for all of them; few enough to read whole.
        return list(ClosedDay.objects.filter(models.Q(location=self) | models.Q(location=None)))

    def is_closed(self, day: Date) -> bool:
        """No pick-up and no return: a weekday without opening hours (where there are any), a closed day, a holiday."""
        no_hours = bool(self._hours) and day.weekday() not in self._hours
        return no_hours or self.is_closed_day(day)

    def is_closed_day(self, day: Date) -> bool:
        """A closed day or a holiday, whatever the weekday."""
        return any(closed.covers(day) for closed in self._closed)

    def opens_on(self, day: Date) -> time:
        """When pick-up starts on a date; 10:00 where no hours are known."""
        return self.times_on(day)[0][0]

    def closes_on(self, day: Date) -> time:
        """When returns end on a date; 18:00 where no hours are known."""
        return max(closes for _opens, closes in self.times_on(day))
