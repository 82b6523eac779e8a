"""What a ride costs: by the hour, between two places or zones, by distance, by the head, by the car."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from cars.models.rides.classes import CarClass
from cars.models.rides.places import Place, Zone
from cars.models.rides.services import LONGEST, Service
from exodrive.db.amounts import PriceField, above_zero
from exodrive.i18n.formats import money
from exodrive.money import catalogue_price
from exodrive.timestamps import Timestamped

NO_PLACES = Q(from_place=None, to_place=None)
NO_ZONES = Q(from_zone=None, to_zone=None)


class RideRate(Timestamped):
    """One price of a service, for a class of cars or for all of them. Amounts are in the site's currency."""

    class Basis(models.TextChoices):
        HOUR = "hour", _("Per hour")
        ROUTE = "route", _("Between two places")
        ZONES = "zones", _("Between two zones")
        BAND = "band", _("By distance")
        PERSON = "person", _("Per person")
        VEHICLE = "vehicle", _("Per car")

    OF_KIND: ClassVar[dict[str, tuple[str, ...]]] = {
        Service.Kind.HOURLY: (Basis.HOUR,),
        Service.Kind.TRANSFER: (Basis.ROUTE, Basis.ZONES, Basis.BAND),
        Service.Kind.TOUR: (Basis.PERSON, Basis.VEHICLE),
    }

    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="rates", verbose_name=_("ride service")
    )
    # A foreign key over both columns, written in SQL where the table is made, keeps rates of other kinds away.
    service_kind = models.GeneratedField(
        expression=Case(
            When(basis="hour", then=Value("hourly")),
            When(basis__in=["route", "zones", "band"], then=Value("transfer")),
            default=Value("tour"),
        ),
        output_field=models.CharField(max_length=8),
        db_persist=True,
    )
    car_class = models.ForeignKey(
        CarClass,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="rates",
        verbose_name=_("car class"),
        help_text=_("Empty: every class that has no rate of its own."),
    )
    basis = models.CharField(_("is charged"), max_length=7, choices=Basis)
    from_place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("from place")
    )
    to_place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("to place")
    )
    from_zone = models.ForeignKey(
        Zone, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("from zone")
    )
    to_zone = models.ForeignKey(
        Zone, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("to zone")
    )
    both_ways = models.BooleanField(_("also the other way"), default=True)
    to_km = models.PositiveSmallIntegerField(
        _("up to (km)"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    minutes = models.PositiveSmallIntegerField(
        _("usual duration (minutes)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)],
    )
    amount = PriceField(_("amount"), validators=[above_zero])
    child_amount = PriceField(
        _("amount for a child"), null=True, blank=True, help_text=_("Empty: as for everybody.")
    )
    day_cap = PriceField(
        _("at most in 24 hours"), null=True, blank=True, help_text=_("Of the hours alone; empty: no limit.")
    )
    included_km_per_hour = models.PositiveSmallIntegerField(_("included km per hour"), null=True, blank=True)
    excess_km_price = PriceField(
        _("price per extra km"),
        null=True,
        blank=True,
        help_text=_(
            "By the hour: beyond the included ones. By distance: beyond the longest; empty: no farther."
        ),
    )

    class Meta:
        db_table = "ride_rates"
        ordering: ClassVar[list[str]] = ["service", "basis", "to_km", "id"]
        verbose_name = _("rate of a ride")
        verbose_name_plural = _("rates of a ride")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=[
                    "service",
                    "car_class",
                    "basis",
                    "from_place",
                    "to_place",
                    "from_zone",
                    "to_zone",
                    "to_km",
                ],
                name="one_rate_for_the_same_ride",
                nulls_distinct=False,
                violation_error_message=_("There is a rate for this already."),
                violation_error_code="amount",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & (Q(child_amount=None) | Q(child_amount__gte=0)),
                name="ride_rate_is_positive",
                violation_error_message=_("Rates are more than 0."),
                violation_error_code="amount",
            ),
            models.CheckConstraint(
                condition=Q(day_cap=None) | Q(day_cap__gte=F("amount")),
                name="day_cap_covers_an_hour",
                violation_error_message=_("The most in 24 hours is less than one hour costs."),
                violation_error_code="day_cap",
            ),
            models.CheckConstraint(
                condition=Q(
                    Q(basis__in=["hour", "person", "vehicle"], to_km=None) & NO_PLACES & NO_ZONES
                    | Q(basis="route", from_place__isnull=False, to_place__isnull=False, to_km=None)
                    & NO_ZONES
                    | Q(basis="zones", from_zone__isnull=False, to_zone__isnull=False, to_km=None) & NO_PLACES
                    | Q(basis="band", to_km__isnull=False, to_km__gte=1) & NO_PLACES & NO_ZONES
                ),
                name="rate_says_from_where_to_where",
                violation_error_message=_(
                    "Say two places, or two zones, or up to how many km: one of the three."
                ),
                violation_error_code="from_place",
            ),
            models.CheckConstraint(
                condition=Q(from_place=None) | ~Q(from_place=F("to_place")),
                name="route_leads_somewhere",
                violation_error_message=_("A transfer leads to another place."),
                violation_error_code="to_place",
            ),
            models.CheckConstraint(
                condition=Q(basis__in=["route", "zones", "band"], minutes__isnull=False, minutes__gte=1)
                | Q(basis__in=["hour", "person", "vehicle"], minutes=None),
                name="transfer_rate_has_a_duration",
                violation_error_message=_("Say how long it usually takes."),
                violation_error_code="minutes",
            ),
            # One for each, so that a form with some of the columns is checked for those.
            models.CheckConstraint(
                condition=Q(basis="person") | Q(child_amount=None),
                name="only_persons_are_children",
                violation_error_message=_("Only a rate per person has another one for children."),
                violation_error_code="child_amount",
            ),
            models.CheckConstraint(
                condition=Q(basis="hour") | Q(day_cap=None, included_km_per_hour=None),
                name="only_hours_add_up_to_a_day",
                violation_error_message=_("Only a rate per hour has a limit for 24 hours and includes km."),
                violation_error_code="day_cap",
            ),
            models.CheckConstraint(
                condition=Q(basis__in=["hour", "band"]) | Q(excess_km_price=None),
                name="only_hours_and_distances_count_km",
                violation_error_message=_("Only a rate per hour or by distance has a price per extra km."),
                violation_error_code="excess_km_price",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_basis_display()}: {money(catalogue_price(self.amount))}"
