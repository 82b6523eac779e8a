"""Forms of a service of rides: its rates by its kind, its hours, its surcharges."""

from datetime import time
from itertools import combinations
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cars.forms import NamedFormSet, WeekdaysField
from cars.models import RideRate, Service, Surcharge, Tour
from cars.models.rides.services import LONGEST, MOST_QUICK
from exodrive.staff.admin_site import AdminForm

DAY, WEEK = 24 * 60, 7 * 24 * 60  # minutes
HOURS = ("weekday", "opens", "closes")
# What tells one rate of a service from another.
TELLING = ("car_class", "basis", "from_place", "to_place", "from_zone", "to_zone", "to_km")


class DurationsField(forms.CharField):
    """Some durations in minutes, typed with commas or blanks between them."""

    def prepare_value(self, value: Any) -> Any:
        """As they are typed."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[int]:
        """The numbers, in order and each once. Raises ValidationError for what is none."""
        parts = str(super().clean(value)).replace(",", " ").split()
        if len(parts) > MOST_QUICK or not all(
            part.isascii() and part.isdigit() and 0 < len(part) < 6 and 1 <= int(part) <= LONGEST
            for part in parts
        ):
            raise forms.ValidationError(_("Type at most 8 durations in minutes, like 30, 60, 120."))
        return sorted({int(part) for part in parts})

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compares what was typed."""
        return super().has_changed(self.prepare_value(initial), data)


class ServiceForm(AdminForm):
    """Says what was found in a service that was written and taken back (`ServiceAdmin`)."""

    asked: ClassVar[list[str]] = []
    previews: ClassVar[bool] = False
    forgets = frozenset({"go_on"})

    go_on = forms.BooleanField(required=False, label=gettext_lazy("Save although there are warnings"))

    quick_minutes = DurationsField(
        required=False,
        label=Service._meta.get_field("quick_minutes").verbose_name,
        help_text=Service._meta.get_field("quick_minutes").help_text,
    )

    class Meta:
        model = Service
        fields: ClassVar[Any] = "__all__"

    def clean(self) -> dict[str, Any]:
        """Raise for a preview, and for warnings that nobody has looked at."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.previews:
            self.add_error(None, _("Nothing is saved yet: the prices stand below."))
        for words in self.asked:
            self.add_error("go_on", words)
        return cleaned


class RateForm(AdminForm):
    """A rate by the hour."""

    basis = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = RideRate
        fields: ClassVar[Any] = "__all__"

    def clean(self) -> dict[str, Any]:
        """With what the rate is charged by, as the database keeps it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["basis"] = self.basis_of(cleaned)
        return cleaned

    def basis_of(self, typed: dict[str, Any]) -> str:
        """By the hour there is but one."""
        return RideRate.Basis.HOUR


class TransferRateForm(RateForm):
    """A rate between two places, two zones, or up to a distance: it says itself which."""

    def basis_of(self, typed: dict[str, Any]) -> str:
        """What is filled in says it; a mixture is refused by a constraint."""
        if typed.get("from_place") or typed.get("to_place"):
            return RideRate.Basis.ROUTE
        if typed.get("from_zone") or typed.get("to_zone"):
            return RideRate.Basis.ZONES
        return RideRate.Basis.BAND


class TourRateForm(AdminForm):
    """A rate by the head or by the car."""

    basis = forms.ChoiceField(
        label=RideRate._meta.get_field("basis").verbose_name,
        choices=[(one.value, one.label) for one in (RideRate.Basis.PERSON, RideRate.Basis.VEHICLE)],
    )

    class Meta:
        model = RideRate
        fields: ClassVar[Any] = "__all__"


class SurchargeForm(AdminForm):
    """A surcharge; of an airport where flights land."""

    weekdays = WeekdaysField(
        required=False,
        label=gettext_lazy("weekdays"),
        help_text=gettext_lazy("None: every day. A night belongs to the day on which it begins."),
    )

    class Meta:
        model = Surcharge
        fields: ClassVar[Any] = "__all__"

    def clean(self) -> dict[str, Any]:
        """Raise for an airport surcharge of what is no airport."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        place = cleaned.get("place")
        if place and cleaned.get("kind") == Surcharge.Kind.AIRPORT and not place.is_airport:
            self.add_error("place", _("%(place)s is not an airport.") % {"place": place.text})
        return cleaned


class TourForm(AdminForm):
    """What a tour is, with its languages to tick."""

    languages = forms.MultipleChoiceField(
        label=Tour._meta.get_field("languages").verbose_name,
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Tour
        fields: ClassVar[Any] = "__all__"


class RateFormSet(NamedFormSet):
    """All rates of a service: two for the same ride would be a guess."""

    def clean(self) -> None:
        """Beside the later one of two."""
        super().clean()
        seen: set[tuple[Any, ...]] = set()
        for form in known(self, "amount"):
            key = tuple(form.cleaned_data.get(name) for name in TELLING)
            if key in seen and "amount" not in form.errors:
                form.add_error("amount", _("There is a rate for this already."))
            seen.add(key)


class ServiceHoursFormSet(NamedFormSet):
    """The hours of a service follow each other, those after midnight and into Monday, too."""

    def clean(self) -> None:
        """Beside the later one that begins while it is open."""
        super().clean()
        spans = [(form, span_of(**_typed(form))) for form in known(self, *HOURS)]
        for (_first, one), (form, other) in combinations(spans, 2):
            if open_together(one, other) and "opens" not in form.errors:
                form.add_error("opens", _("It is open then already: hours of one day follow each other."))


def known(formset: Any, *names: str) -> list[Any]:
    """Forms that stay and whose fields of these names are all there."""
    stay = [form for form in formset.forms if form not in formset.deleted_forms]
    return [form for form in stay if set(names) <= getattr(form, "cleaned_data", {}).keys()]


def _typed(form: Any) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in HOURS}


def span_of(*, weekday: int, opens: time, closes: time) -> tuple[int, int]:
    """First minute of the week and the first that is closed again: beyond the week for Sunday's night."""
    start, end = (weekday * DAY + clock.hour * 60 + clock.minute for clock in (opens, closes))
    return start, end if end > start else end + DAY


def open_together(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two spans of the week have a minute in common; a week follows another."""
    return any(one[0] < other[1] + shift and other[0] + shift < one[1] for shift in (-WEEK, 0, WEEK))
