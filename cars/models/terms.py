"""What comes with every rental: said once for the fleet, and otherwise for a car that is an exception."""

from typing import ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from cars.models.cars import Car
from cars.models.fleet import Fleet
from cars.models.languages import in_reader_language
from exodrive.timestamps import Timestamped


class Term(Timestamped):
    """One thing that comes with a rental, as a sentence. Distance is not here: it stands in numbers on the car."""

    class Kind(models.TextChoices):
        INSURANCE = "insurance", _("Insurance and its excess")
        ROADSIDE = "roadside", _("Roadside help")
        SECOND_DRIVER = "second_driver", _("Second driver")
        FUEL = "fuel", _("Fuel or charge")
        LICENCE = "licence", _("Driving licence")
        BORDERS = "borders", _("Other countries")

    fleet = models.ForeignKey(
        Fleet, null=True, blank=True, on_delete=models.CASCADE, related_name="terms", verbose_name=_("fleet")
    )
    car = models.ForeignKey(
        Car, null=True, blank=True, on_delete=models.CASCADE, related_name="terms", verbose_name=_("car")
    )
    kind = models.CharField(_("kind"), max_length=13, choices=Kind)
    words = models.CharField(
        _("text"), max_length=200, blank=True, help_text=_("Empty on a car: it has none of this.")
    )
    words_es = models.CharField(_("text (Spanish)"), max_length=200, blank=True)
    words_fr = models.CharField(_("text (French)"), max_length=200, blank=True)
    words_pt = models.CharField(_("text (Portuguese)"), max_length=200, blank=True)

    class Meta:
        db_table = "rental_terms"
        ordering: ClassVar[list[str]] = ["id"]
        verbose_name = _("rental term")
        verbose_name_plural = _("rental terms")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["fleet", "kind"],
                name="one_term_of_a_kind_per_fleet",
                violation_error_message=_("There is a text of this kind already."),
                violation_error_code="kind",
            ),
            models.UniqueConstraint(
                fields=["car", "kind"],
                name="one_term_of_a_kind_per_car",
                violation_error_message=_("There is a text of this kind already."),
                violation_error_code="kind",
            ),
            models.CheckConstraint(
                condition=Q(fleet=None, car__isnull=False) | Q(fleet__isnull=False, car=None),
                name="term_of_a_fleet_or_of_a_car",
                violation_error_message=_("A text belongs to a fleet or to a car."),
            ),
            models.CheckConstraint(
                condition=Q(words__gt="") | Q(car__isnull=False),
                name="term_of_a_fleet_says_something",
                violation_error_message=_("Write the text."),
                violation_error_code="words",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def text(self) -> str:
        """The sentence in the reader's language; "" where the car has none of it."""
        return in_reader_language(self, "words") if self.words else ""


def with_terms(cars: QuerySet[Car]) -> QuerySet[Car]:
    """The cars with what comes with them, in the same query."""
    names = ("kind", "car_id", "words", "words_es", "words_fr", "words_pt")
    said = Term.objects.filter(Q(car=OuterRef("pk")) | Q(fleet=OuterRef("fleet_id")))
    return cars.annotate(said_terms=ArraySubquery(said.values_list(JSONObject(**{n: n for n in names}))))


def terms_of(car: Car) -> dict[str, str]:
    """What comes with the car, by kind and in the order of the kinds: its own words, else its fleet's.

    One query, or none for a car of `with_terms`.
    """
    found = getattr(car, "said_terms", None)
    if found is None:
        terms = list(Term.objects.filter(Q(car=car) | Q(fleet=car.fleet_id)))
    else:
        terms = [Term(**fields) for fields in found]
    rows = sorted(terms, key=lambda term: bool(term.car_id))
    said = {term.kind: term.text for term in rows}
    return {kind: said[kind] for kind in Term.Kind.values if said.get(kind)}


def terms_of_fleet(fleet: Fleet | None) -> dict[str, str]:
    """What comes with every car of a fleet that is no exception."""
    said = {term.kind: term.text for term in Term.objects.filter(fleet=fleet)} if fleet else {}
    return {kind: said[kind] for kind in Term.Kind.values if said.get(kind)}
