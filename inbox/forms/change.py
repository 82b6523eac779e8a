"""The form that changes a booking: filled in with what is, and saying what would be different."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.api.types import DIGITS
from bookings.availability.extras import extras_left
from bookings.availability.locations import locations_for
from bookings.days import Days
from bookings.errors import Invalid
from bookings.forms.base import LONGEST_REQUEST, LinesField
from bookings.forms.extras import OptionsForm, fees_for
from bookings.lifecycle.change_details import Details
from bookings.models import Booking
from cars.models import Car, Location
from inbox.forms.base import Plain, dress
from inbox.forms.blocks import day_field

DETAILS = ("pick_up", "drop_off", "pickup_time", "return_time", "phone", "special_requests")


def clock_field(label: Any, missing: Any) -> forms.TimeField:
    """A native time input, local to the place."""
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": missing, "invalid": missing},
    )


def place_field(label: Any) -> forms.ModelChoiceField:
    """A location; there is always one."""
    return forms.ModelChoiceField(Location.objects.none(), label=label, empty_label=None)


class ChangeForm(OptionsForm, Plain):
    """Days, car, places, times, wishes, phone and requests; managers may make an exception and say why."""

    car = forms.ModelChoiceField(Car.objects.none(), label=gettext_lazy("Car"), empty_label=None)
    start = day_field(gettext_lazy("Pick-up day"), gettext_lazy("Choose a pick-up day"))
    end = day_field(gettext_lazy("Return day"), gettext_lazy("Choose a return day"))
    pick_up = place_field(gettext_lazy("Pick-up place"))
    pickup_time = clock_field(gettext_lazy("Pick-up time"), gettext_lazy("Enter the pick-up time"))
    drop_off = place_field(gettext_lazy("Return place"))
    return_time = clock_field(gettext_lazy("Return time"), gettext_lazy("Enter the return time"))
    phone = forms.CharField(
        label=gettext_lazy("Phone number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    special_requests = LinesField(
        label=gettext_lazy("Special requests"),
        required=False,
        max_length=LONGEST_REQUEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    exception = forms.BooleanField(label=gettext_lazy("Make an exception to the rules"), required=False)
    override = forms.CharField(
        label=gettext_lazy("Reason for making an exception"),
        help_text=gettext_lazy(
            "Managers may break the rules, never take days that are booked. The history shows the reason."
        ),
        required=False,
        max_length=500,
    )

    def __init__(self, booking: Booking, data: Any = None, *, may_override: bool) -> None:
        self.booking = booking
        super().__init__(data, initial=values_of(booking))
        cars = Car.objects.exclude(status=Car.Status.RETIRED) | Car.objects.filter(pk=booking.car_id)
        self.fields["car"].queryset = (  # type: ignore[attr-defined]
            cars.select_related("location").order_by("make", "model", "pk")
        )
        for place in ("pick_up", "drop_off"):
            self.fields[place].queryset = Location.objects.all()  # type: ignore[attr-defined]
        self._offer_options()
        for name in ("exception", "delivery"):
            if name in self.fields:
                self.fields[name].widget.attrs.pop("class", None)
        if not may_override:
            del self.fields["exception"], self.fields["override"]

    def _offer_options(self) -> None:
        """What can be had on the days and at the place typed; as booked while they make no sense."""
        booking, typed = self.booking, self.data
        try:
            days = Days.parse(typed.get("start"), typed.get("end"))
        except Invalid:
            days = booking.days
        chosen = str(typed.get("pick_up", ""))
        place = Location.objects.filter(pk=chosen).first() if DIGITS.fullmatch(chosen) else None
        extras = extras_left(days, place or booking.pick_up, booking=booking)
        self.offer(extras, fees_for(booking.car, locations_for(booking.car)), booking.car, had=booking)
        dress(self)

    def clean(self) -> dict[str, Any]:
        """Days the right way round, places where the car may change hands, an exception with its reason."""
        cleaned = super().clean() or {}
        if cleaned.get("exception") and not cleaned.get("override"):
            self.add_error("override", _("Enter why you make an exception"))
        if not cleaned.get("exception"):
            cleaned["override"] = ""
        self._check_places(cleaned)
        if cleaned.get("start") and cleaned.get("end"):
            try:
                cleaned["days"] = Days.parse(cleaned["start"], cleaned["end"])
            except Invalid as wrong:
                self.add_error("end", str(wrong.message))
        return cleaned

    def _check_places(self, cleaned: dict[str, Any]) -> None:
        was = values_of(self.booking)
        moved = [name for name in ("car", "pick_up", "drop_off") if name in cleaned]
        if not cleaned.get("car") or all(cleaned[name].pk == was[name] for name in moved):
            return
        allowed = locations_for(cleaned["car"])
        for name in ("pick_up", "drop_off"):
            if cleaned.get(name) and cleaned[name] not in allowed:
                words = _("This car changes hands at: %(places)s")
                self.add_error(name, words % {"places": ", ".join(place.name for place in allowed)})

    def changes(self) -> dict[str, Any]:
        """What is different, as `change_booking` takes it; empty when nothing is."""
        data, booking = self.cleaned_data, self.booking
        days: Days = data["days"]
        options = {
            "delivery": self.options.delivery,
            "driver_age": self.options.driver_age or booking.driver_age,
        }
        typed = {name: data[name] for name in DETAILS} | options
        new = {name: value for name, value in typed.items() if value != _now(booking, name)}
        found: dict[str, Any] = {"details": Details(**new)} if new else {}
        if days != booking.days:
            found["days"] = days
        if data["car"].pk != booking.car_id:
            found["car"] = data["car"]
        if self.changed_extras is not None:
            found["extras"] = self.changed_extras
        return found


def values_of(booking: Booking) -> dict[str, Any]:
    """The booking as the form shows it."""
    return {
        "car": booking.car_id,
        "start": booking.start_date,
        "end": booking.end_date,
        "pick_up": booking.pick_up.pk,
        "drop_off": booking.drop_off.pk,
        "pickup_time": booking.pickup_time,
        "return_time": booking.return_time,
        "phone": booking.phone,
        "special_requests": booking.special_requests,
    }


def _now(booking: Booking, name: str) -> Any:
    value = getattr(booking, name)
    return _same_lines(value) if name == "special_requests" else value


def _same_lines(text: str) -> str:
    """Browsers send line ends of their own."""
    return text.replace("\r\n", "\n")
