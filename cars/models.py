"""What can be rented and where: locations with their time zone and opening hours, cars with their rates and rules."""

from datetime import date, datetime, time
from typing import ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.templatetags.static import static
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from exodrive.timestamps import Timestamped


def validate_time_zone(value: str) -> None:
    """Raise ValidationError unless `value` is an IANA time zone."""
    if value not in available_timezones():
        raise ValidationError(_("%(value)s is not a time zone, like Europe/Paris."), params={"value": value})


def in_reader_language(obj: models.Model, field: str) -> str:
    """The text of `field` in the active language, else its English original."""
    language = (get_language() or "en")[:2]
    return getattr(obj, f"{field}_{language}", "") or getattr(obj, field)


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
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6)
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="Europe/Paris", validators=[validate_time_zone]
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    class Meta:
        db_table = "locations"
        ordering: ClassVar[list[str]] = ["name"]
        verbose_name = _("location")
        verbose_name_plural = _("locations")

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of every date and clock time here."""
        return ZoneInfo(self.time_zone)

    def today(self, at: datetime) -> date:
        """The local date at the instant `at`."""
        return at.astimezone(self.zone).date()

    def instant(self, day: date, clock: time) -> datetime:
        """The instant of a local clock time on a local date (the earlier one where the clock is put back)."""
        return datetime.combine(day, clock, tzinfo=self.zone)

    @cached_property
    def _hours(self) -> dict[int, tuple[time, time]]:
        return {h.weekday: (h.opens, h.closes) for h in self.opening_hours.all()}

    def hours_on(self, day: date) -> tuple[time, time] | None:
        """Opening and closing time on a date, or None where the location is closed on that weekday."""
        return self._hours.get(day.weekday())

    def opens_on(self, day: date) -> time:
        """When pick-up starts on a date; 10:00 where no hours are known."""
        hours = self.hours_on(day)
        return hours[0] if hours else time(10)

    def closes_on(self, day: date) -> time:
        """When returns end on a date; 18:00 where no hours are known."""
        hours = self.hours_on(day)
        return hours[1] if hours else time(18)


class OpeningHours(Timestamped):
    """When a location is open on one weekday. No row means closed."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, related_name="opening_hours", verbose_name=_("location")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    opens = models.TimeField(_("opens"), default=time(10))
    closes = models.TimeField(_("closes"), default=time(18))

    class Meta:
        db_table = "location_hours"
        ordering: ClassVar[list[str]] = ["location", "weekday"]
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["location", "weekday"], name="one_row_per_weekday"),
            models.CheckConstraint(
                condition=models.Q(opens__lt=models.F("closes")), name="opens_before_it_closes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class Car(Timestamped):
    """A car that customers book by name. Money is in settings.CURRENCY, tax as settings say."""

    class Gearbox(models.TextChoices):
        AUTOMATIC = "automatic", _("Automatic")
        MANUAL = "manual", _("Manual")

    class Fuel(models.TextChoices):
        PETROL = "petrol", _("Petrol")
        DIESEL = "diesel", _("Diesel")
        HYBRID = "hybrid", _("Hybrid")
        ELECTRIC = "electric", _("Electric")

    class Status(models.TextChoices):
        OFFERED = "offered", _("Offered")
        MAINTENANCE = "maintenance", _("In maintenance")
        RETIRED = "retired", _("Retired")

    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="cars", verbose_name=_("location")
    )
    make = models.CharField(_("make"), max_length=60)
    model = models.CharField(_("model"), max_length=60)
    slug = models.SlugField(_("slug"), unique=True)
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(1900), MaxValueValidator(2100)]
    )
    seats = models.PositiveSmallIntegerField(
        _("seats"), validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    doors = models.PositiveSmallIntegerField(_("doors"), default=4)
    gearbox = models.CharField(_("gearbox"), max_length=10, choices=Gearbox, default=Gearbox.AUTOMATIC)
    fuel = models.CharField(_("fuel"), max_length=10, choices=Fuel, default=Fuel.PETROL)
    power_kw = models.PositiveSmallIntegerField(_("power (kW)"))
    plate = models.CharField(_("plate"), max_length=20, unique=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.OFFERED)

    daily_rate = models.DecimalField(_("rate per day"), max_digits=9, decimal_places=2)
    weekend_rate = models.DecimalField(
        _("rate per weekend day"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Saturday and Sunday. Empty: the rate per day."),
    )
    deposit = models.DecimalField(_("security deposit"), max_digits=9, decimal_places=2, default=0)
    included_km_per_day = models.PositiveIntegerField(_("included km per day"), default=200)
    excess_km_price = models.DecimalField(_("price per extra km"), max_digits=6, decimal_places=2, default=0)
    minimum_age = models.PositiveSmallIntegerField(_("minimum driver age"), default=25)

    # Empty means the fleet's default (settings.FLEET_*).
    min_days = models.PositiveSmallIntegerField(_("minimum days"), null=True, blank=True)
    max_days = models.PositiveSmallIntegerField(_("maximum days"), null=True, blank=True)
    buffer_days = models.PositiveSmallIntegerField(_("buffer days"), null=True, blank=True)

    description = models.TextField(_("description"), blank=True)
    description_es = models.TextField(_("description (Spanish)"), blank=True)
    description_fr = models.TextField(_("description (French)"), blank=True)
    description_pt = models.TextField(_("description (Portuguese)"), blank=True)

    class Meta:
        db_table = "cars"
        ordering: ClassVar[list[str]] = ["daily_rate", "id"]
        verbose_name = _("car")
        verbose_name_plural = _("cars")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                "daily_rate", "id", name="offered_cars_by_price", condition=models.Q(status="offered")
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(daily_rate__gt=0)
                & (models.Q(weekend_rate=None) | models.Q(weekend_rate__gt=0)),
                name="rates_are_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Make and model, as shown to people."""
        return f"{self.make} {self.model}"

    @property
    def text(self) -> str:
        """The description in the reader's language."""
        return in_reader_language(self, "description")

    @property
    def shortest(self) -> int:
        """Minimum rental in days."""
        return settings.FLEET_MIN_DAYS if self.min_days is None else self.min_days

    @property
    def longest(self) -> int:
        """Maximum rental in days."""
        return settings.FLEET_MAX_DAYS if self.max_days is None else self.max_days

    @property
    def buffer(self) -> int:
        """Days kept free after a rental."""
        return settings.FLEET_BUFFER_DAYS if self.buffer_days is None else self.buffer_days

    @property
    def is_offered(self) -> bool:
        """Whether customers may book it."""
        return self.status == self.Status.OFFERED

    @property
    def picture(self) -> "CarImage | None":
        """The first picture; prefetch `images` when listing cars."""
        return next(iter(self.images.all()), None)


class CarImage(Timestamped):
    """A picture of a car: our own drawing by name, or an uploaded JPEG, PNG or WebP."""

    car = models.ForeignKey(Car, on_delete=models.CASCADE, related_name="images", verbose_name=_("car"))
    art = models.SlugField(_("drawing"), blank=True, help_text=_("Name of a drawing in static/img/cars."))
    file = models.ImageField(
        _("photo"),
        upload_to="cars",
        blank=True,
        validators=[FileExtensionValidator(["jpg", "jpeg", "png", "webp"])],
    )
    alt = models.CharField(_("what the picture shows"), max_length=200)
    alt_es = models.CharField(_("what the picture shows (Spanish)"), max_length=200, blank=True)
    alt_fr = models.CharField(_("what the picture shows (French)"), max_length=200, blank=True)
    alt_pt = models.CharField(_("what the picture shows (Portuguese)"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        db_table = "car_images"
        ordering: ClassVar[list[str]] = ["position", "id"]
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(art="", file__gt="") | models.Q(art__gt="", file=""),
                name="a_drawing_or_a_photo",
                violation_error_message=_("Choose a drawing or upload a photo, not both."),
            ),
        ]

    def __str__(self) -> str:
        return self.alt

    @property
    def url(self) -> str:
        """Where the browser finds it."""
        return self.file.url if self.file else static(f"img/cars/{self.art}.svg")

    @property
    def text(self) -> str:
        """Alternative text in the reader's language."""
        return in_reader_language(self, "alt")
