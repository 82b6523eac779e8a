"""Filters of the catalogue."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.errors import Invalid
from bookings.forms.base import SiteForm, parse_days
from cars.catalogue import catalogue
from cars.models import Car
from exodrive.i18n.typed_numbers import DecimalNumber


class CatalogueForm(SiteForm):
    """Filters of the catalogue. Everything is optional; a filter that makes no sense is left out."""

    place = forms.ChoiceField(label=gettext_lazy("Where"), required=False)
    start = forms.CharField(required=False, max_length=10)
    end = forms.CharField(required=False, max_length=10)
    seats = forms.TypedChoiceField(label=gettext_lazy("Seats"), required=False, coerce=int, empty_value=None)
    gearbox = forms.ChoiceField(label=gettext_lazy("Gearbox"), required=False)
    max_price = DecimalNumber(
        label=gettext_lazy("Highest price per day"),
        required=False,
        min_value=1,
        max_digits=9,
        decimal_places=2,
    )

    max_total = DecimalNumber(
        label=gettext_lazy("Highest total price"),
        required=False,
        min_value=1,
        max_digits=11,
        decimal_places=2,
    )
    sort = forms.ChoiceField(label=gettext_lazy("Order"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats = [(n, ngettext("%(n)d or more", "%(n)d or more", n) % {"n": n}) for n in (2, 4, 5, 7)]
        self.fields["seats"].choices = [("", _("Any number")), *seats]  # type: ignore[attr-defined]
        self.fields["gearbox"].choices = [("", _("Any gearbox")), *Car.Gearbox.choices]  # type: ignore[attr-defined]
        orders = [("", _("Lowest price first")), ("dearest", _("Highest price first"))]
        self.fields["sort"].choices = orders  # type: ignore[attr-defined]
        places = [(place.slug, place.name) for place in catalogue().places_with_cars]
        named = [("", _("Everywhere")), *places]
        self.fields["place"].choices = named  # type: ignore[attr-defined]
        self.fields["place"].widget.attrs |= {"class": "input"}

    def clean(self) -> dict[str, Any]:
        """`days` is set when both dates are given and make sense."""
        data = super().clean() or {}
        data["days"] = None
        if data.get("start") or data.get("end"):
            try:
                data["days"] = parse_days(data.get("start"), data.get("end"))
            except Invalid as error:
                self.add_error(*_first_field(error))
        return data

    @property
    def filters(self) -> tuple[Any, ...]:
        """What is asked of a car itself: its place, its seats, its gearbox."""
        return tuple(self.cleaned_data.get(name) or None for name in ("place", "seats", "gearbox"))

    def suits(self, car: Car) -> bool:
        """Whether the car is what `filters` ask for."""
        place, seats, gearbox = self.filters
        return (
            place in (None, car.location.slug)
            and (seats or 0) <= car.seats
            and gearbox in (None, car.gearbox)
        )

    @property
    def limits(self) -> tuple[Any, ...]:
        """The highest prices: of the days together, and of one."""
        return tuple(self.cleaned_data.get(name) for name in ("max_total", "max_price"))

    def fits(self, offer: Any) -> bool:
        """Whether its `price` is low enough, and its `day_price` where a price per day is asked for."""
        most, most_a_day = self.limits
        if most and offer.quote and offer.price.amount > most:
            return False
        return not (most_a_day and offer.day_price.amount > most_a_day)

    @property
    def dearest(self) -> bool:
        """Whether the highest price comes first."""
        return self.cleaned_data.get("sort") == "dearest"

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """The filters that are set, each with its name and value in words."""
        data = self.cleaned_data
        said = []
        for name in ("place", "seats", "gearbox", "max_price", "max_total"):
            if value := data.get(name):
                words = dict(getattr(self.fields[name], "choices", ())).get(value, self[name].value())
                said.append((name, f"{self.fields[name].label}: {words}"))
        return said


def _first_field(error: Invalid) -> tuple[str, str]:
    name, messages = next(iter(error.details["fields"].items()))
    return name, str(messages[0])
