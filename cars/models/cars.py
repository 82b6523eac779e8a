"""Cars that customers book by name, their rates, and the rules of their own."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cars.models.fleet import Fleet
from cars.models.languages import in_reader_language
from cars.models.places import Location
from cars.models.service import Serviced
from exodrive.db.amounts import PriceField, above_zero
from exodrive.db.folding import Folded
from exodrive.money import Money, catalogue_price
from exodrive.timestamps import Timestamped

if TYPE_CHECKING:
    from cars.models.pictures import CarImage


BY_NAME = (Folded("make"), Folded("model"), "pk")  # where staff look for one


class CarManager(models.Manager["Car"]):
    """Cars with what every rule and price asks of them: their location and their fleet."""

    def get_queryset(self) -> Any:
        """One query, joined."""
        return super().get_queryset().select_related("location", "fleet")

    def labels(self) -> dict[str, str]:
        """By id, what tells each from the others, in the order in which staff look for one."""
        rows = self.order_by(*BY_NAME).values_list("pk", "make", "model", "plate", "location__name")
        return {str(pk): labelled(f"{make} {model}", plate, place) for pk, make, model, plate, place in rows}


def labelled(name: str, plate: str, place: str) -> str:
    """A car where staff choose one: "Calder GT · AB-123-CD · Lyon"."""
    return f"{name} · {plate} · {place}"


class Car(Serviced, Timestamped):
    """A car that customers book by name. Amounts are in the site's currency (`catalogue_price`), tax as settings say."""

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
    car_class = models.ForeignKey(
        "cars.CarClass",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="cars",
        verbose_name=_("car class"),
        help_text=_("Empty: not for rides."),
    )

    daily_rate = PriceField(_("rate per day"), validators=[above_zero])
    weekend_rate = PriceField(
        _("rate per weekend day"),
        null=True,
        blank=True,
        validators=[above_zero],
        help_text=_("Saturday and Sunday. Empty: the rate per day."),
    )
    deposit = PriceField(_("security deposit"), default=0)
    included_km_per_day = models.PositiveIntegerField(_("included km per day"), default=200)
    excess_km_price = PriceField(_("price per extra km"), default=0)
    minimum_age = models.PositiveSmallIntegerField(_("minimum driver age"), default=25)

    # Its own rules. Empty means the fleet's.
    fleet = models.ForeignKey(
        Fleet, blank=True, on_delete=models.PROTECT, related_name="cars", verbose_name=_("fleet")
    )
    min_days = models.PositiveSmallIntegerField(
        _("minimum days"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    max_days = models.PositiveSmallIntegerField(
        _("maximum days"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    buffer_days = models.PositiveSmallIntegerField(
        _("buffer days"), null=True, blank=True, validators=[MaxValueValidator(30)]
    )
    horizon_days = models.PositiveSmallIntegerField(_("bookable days ahead"), null=True, blank=True)
    lead_time_hours = models.PositiveSmallIntegerField(_("lead time (hours)"), null=True, blank=True)
    cut_off_hour = models.PositiveSmallIntegerField(
        _("same-day cut-off hour"), null=True, blank=True, validators=[MaxValueValidator(24)]
    )
    pickup_weekdays = models.PositiveSmallIntegerField(_("pick-up weekdays"), null=True, blank=True)
    dropoff_weekdays = models.PositiveSmallIntegerField(_("return weekdays"), null=True, blank=True)

    description = models.TextField(_("description"), blank=True)
    description_es = models.TextField(_("description (Spanish)"), blank=True)
    description_fr = models.TextField(_("description (French)"), blank=True)
    description_pt = models.TextField(_("description (Portuguese)"), blank=True)

    objects: ClassVar[CarManager] = CarManager()

    class Meta:
        db_table = "cars"
        base_manager_name = "objects"
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
                violation_error_message=_("Rates are more than 0."),
                violation_error_code="daily_rate",
            ),
            models.CheckConstraint(
                condition=models.Q(min_days=None)
                | models.Q(max_days=None)
                | models.Q(min_days__lte=models.F("max_days")),
                name="car_minimum_below_maximum",
                violation_error_message=_("The longest rental is shorter than the shortest."),
                violation_error_code="max_days",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A car that names no fleet belongs to the first."""
        if self.fleet_id is None:
            self.fleet = Fleet.default()
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        """Make and model, as shown to people."""
        return f"{self.make} {self.model}"

    @property
    def label(self) -> str:
        """What tells it from the others where staff choose one."""
        return labelled(self.name, self.plate, self.location.name)

    @property
    def daily_rate_money(self) -> Money:
        """The rate per day, as listed."""
        return catalogue_price(self.daily_rate)

    @property
    def deposit_money(self) -> Money:
        """The security deposit, as listed."""
        return catalogue_price(self.deposit)

    @property
    def excess_km_price_money(self) -> Money:
        """The price of a km beyond the included ones, as listed."""
        return catalogue_price(self.excess_km_price)

    @property
    def text(self) -> str:
        """The description in the reader's language."""
        return in_reader_language(self, "description")

    def _rule(self, name: str) -> int:
        own: int | None = getattr(self, name)
        return getattr(self.fleet, name) if own is None else own

    @property
    def shortest(self) -> int:
        """Minimum rental in days."""
        return self._rule("min_days")

    @property
    def longest(self) -> int:
        """Maximum rental in days."""
        return self._rule("max_days")

    @property
    def buffer(self) -> int:
        """Days kept free after a rental."""
        return self._rule("buffer_days")

    @property
    def horizon(self) -> int:
        """Days ahead on which the last return may be."""
        return self._rule("horizon_days")

    @property
    def lead_time(self) -> int:
        """Hours between booking and opening time on the pick-up day."""
        return self._rule("lead_time_hours")

    @property
    def cut_off(self) -> int:
        """Hour of the local clock before which today's pick-up can be booked."""
        return self._rule("cut_off_hour")

    def may_start_on(self, day: date) -> bool:
        """Whether the weekday is one for picking up."""
        return bool(self._rule("pickup_weekdays") >> day.weekday() & 1)

    def may_end_on(self, day: date) -> bool:
        """Whether the weekday is one for returning."""
        return bool(self._rule("dropoff_weekdays") >> day.weekday() & 1)

    @property
    def is_offered(self) -> bool:
        """Whether customers may book it."""
        return self.status == self.Status.OFFERED

    @property
    def picture(self) -> "CarImage | None":
        """The first picture; prefetch `images` when listing cars."""
        return next(iter(self.images.all()), None)
