"""Forms of the admin for rules: weekdays as checkboxes, and a look at the bookings that a change would contradict."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cars.models import Car, Fleet, OpeningHours
from exodrive.staff.admin_site import AdminForm

SHOWN = 20

# Says which bookings the cars' rules contradict, as short texts. `bookings` puts its own in place: cars knows no bookings.
contradictions: Callable[[Sequence[Car]], list[str]] = lambda cars: []  # noqa: E731


class WeekdaysField(forms.TypedMultipleChoiceField):
    """Some of the seven weekdays, stored as bits; none means None."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, choices=OpeningHours.Weekday.choices, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Bits to the days ticked."""
        return [n for n in range(7) if value >> n & 1] if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        """The days ticked to bits."""
        return sum(1 << n for n in super().clean(value)) or None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compares days with days."""
        return super().has_changed(self.prepare_value(initial), data)


class RulesForm(AdminForm):
    """Refuses a change that future bookings contradict, lists them, and saves it when told to keep them."""

    forgets = frozenset({"keep_bookings"})
    keep_bookings = forms.BooleanField(
        required=False,
        label=gettext_lazy("Save although bookings contradict it"),
        help_text=gettext_lazy("They stay as booked; only new bookings follow the new rules."),
    )
    pickup_weekdays = WeekdaysField(required=False, label=gettext_lazy("pick-up weekdays"))
    dropoff_weekdays = WeekdaysField(required=False, label=gettext_lazy("return weekdays"))

    def clean(self) -> dict[str, Any]:
        """Raise for contradicted bookings unless they are kept."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors or cleaned.get("keep_bookings") or not self.instance.pk:
            return cleaned
        found = contradictions(self.changed_cars(cleaned))
        if found:
            more = len(found) - SHOWN
            listed = found[:SHOWN] + ([_("and %(n)d more") % {"n": more}] if more > 0 else [])
            words = _("These future bookings contradict the new rules: %(bookings)s.")
            self.add_error("keep_bookings", words % {"bookings": ", ".join(listed)})
        return cleaned

    def changed_cars(self, cleaned: dict[str, Any]) -> list[Car]:
        """The cars with the new rules, not saved."""
        return []


class CarForm(RulesForm):
    """A car's own rules."""

    class Meta:
        model = Car
        fields: ClassVar[Any] = "__all__"

    def changed_cars(self, cleaned: dict[str, Any]) -> list[Car]:
        """This car as it would be."""
        car = Car.objects.get(pk=self.instance.pk)
        for name, value in cleaned.items():
            if name != "keep_bookings":
                setattr(car, name, value)
        return [car]


class FleetForm(RulesForm):
    """The rules of all cars that have none of their own."""

    class Meta:
        model = Fleet
        fields: ClassVar[Any] = "__all__"

    def clean_pickup_weekdays(self) -> int:
        """A fleet must know its days."""
        return self._some("pickup_weekdays")

    def clean_dropoff_weekdays(self) -> int:
        """A fleet must know its days."""
        return self._some("dropoff_weekdays")

    def _some(self, name: str) -> int:
        bits: int | None = self.cleaned_data[name]
        if not bits:
            raise forms.ValidationError(_("Choose at least one weekday."))
        return bits

    def changed_cars(self, cleaned: dict[str, Any]) -> list[Car]:
        """Every car of the fleet as it would be."""
        fleet = Fleet.objects.get(pk=self.instance.pk)
        for name, value in cleaned.items():
            if name != "keep_bookings":
                setattr(fleet, name, value)
        cars = list(Car.objects.filter(fleet=fleet))
        for car in cars:
            car.fleet = fleet
        return cars
