"""What staff type of a departure."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bookings.availability.rides.wish import hours_from
from bookings.errors import BookingError, Invalid
from bookings.lifecycle.departures.create import Plan
from bookings.lifecycle.departures.weekly import MOST_WEEKS
from bookings.models.hours.departures import LATEST, MOST_SEATS
from cars.models import Car, Tour
from exodrive.i18n.typed_dates import TypedDate, TypedTime
from exodrive.i18n.typed_numbers import WholeNumber

FIELDS = {"starts_at": "time", "start": "time"}  # as the verbs call them, and as they are asked for


class DepartureForm(forms.Form):
    """One departure, or the same one on some weeks in a row."""

    tour = forms.ModelChoiceField(Tour.objects.none(), label=_("tour"))
    car = forms.ModelChoiceField(Car.objects.none(), label=_("car"))
    day = TypedDate(label=_("First day"))
    time = TypedTime(label=_("Time"))
    weeks = WholeNumber(
        label=_("Weeks"),
        min_value=1,
        max_value=MOST_WEEKS,
        initial=1,
        help_text=_("On how many weeks in a row: 1 is this day alone."),
    )
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)
    capacity = WholeNumber(
        label=_("seats"),
        min_value=1,
        max_value=MOST_SEATS,
        required=False,
        help_text=_("Empty: as many as the tour usually has."),
    )
    cutoff_minutes = WholeNumber(
        label=_("seats are sold until (minutes before)"), min_value=0, max_value=LATEST, initial=60
    )

    def __init__(self, data: Any = None, *, at: datetime) -> None:
        super().__init__(data)
        self.at = at
        tours = Tour.objects.select_related("service__location").order_by("service__name", "pk")
        cars = Car.objects.filter(car_class__isnull=False, status=Car.Status.OFFERED)
        self.fields["tour"].queryset = tours  # type: ignore[attr-defined]
        self.fields["car"].queryset = cars.select_related("location", "car_class")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The plan, where all that it takes is there."""
        data = super().clean() or {}
        if not self.errors:
            try:
                self.plan = self._plan(data)
            except BookingError as refusal:
                self.refuse(refusal)
        return data

    plan: Plan | None = None

    def _plan(self, data: dict[str, Any]) -> Plan:
        tour: Tour = data["tour"]
        hours = hours_from(tour.service, data["day"], data["time"], tour.duration_minutes)
        return Plan(
            tour, data["car"], hours.starts_at, data["language"], data["capacity"], data["cutoff_minutes"]
        )

    def refuse(self, refusal: BookingError) -> None:
        """What a verb said, beside its field."""
        for name, sentences in refusal.details.get("fields", {None: [refusal.message]}).items():
            field = FIELDS.get(str(name), name)
            for sentence in sentences:
                self.add_error(field if field in self.fields else None, str(sentence))


class CapacityForm(forms.Form):
    """How many seats a departure has."""

    capacity = WholeNumber(label=_("seats"), min_value=1, max_value=MOST_SEATS)

    def refuse(self, refusal: Invalid) -> None:
        """What the verb said."""
        for sentence in refusal.details.get("fields", {}).get("capacity", [refusal.message]):
            self.add_error("capacity", str(sentence))
