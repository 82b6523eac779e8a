"""What is asked for on the page of a ride: when, for how long or from where to where, in which class, for whom."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.availability.rides.offer import Offer
from bookings.availability.rides.rules import HOUR, lasting
from bookings.availability.rides.wish import Wish, hours_from
from bookings.errors import Invalid
from bookings.forms.base import SiteForm
from cars.models import CarClass, Place, Service
from cars.pricing.rides.inputs import RideOptions
from cars.pricing.rides.ride import PLAIN
from exodrive.i18n.formats import day_long
from exodrive.i18n.typed_numbers import WholeNumber

OWN = "own"
MISSING = "required"
TYPED_DURATION = re.compile(r"(\d{1,3})(?:\s*[:hH]\s*(\d{1,2})?)?")
A_YEAR = timedelta(days=366)  # beyond it a day is a slip or a probe
MOST_PASSENGERS, MOST_BAGS = 20, 50
NAMES = ("day", "time", "from", "to", "duration", "own", "class", "passengers", "bags")


class Duration(forms.CharField):
    """Hours and minutes, in minutes: "2:30", "2 h", "2"."""

    def to_python(self, value: Any) -> Any:
        """Minutes, or None. Raises ValidationError for what is no duration."""
        typed = str(super().to_python(value))
        if not typed:
            return None
        found = TYPED_DURATION.fullmatch(typed)
        hours, minutes = (int(part or 0) for part in found.groups()) if found else (0, 0)
        if minutes >= HOUR or not (hours or minutes):
            raise ValidationError(_("Type hours and minutes, like 2:30"))
        return hours * HOUR + minutes


class RideForm(SiteForm):
    """A wish for one service. Each kind asks for what it needs; what was not asked for yet is missing, not wrong."""

    day = forms.DateField(
        label=gettext_lazy("Day"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Choose a day"),
            "invalid": gettext_lazy("Choose a day"),
        },
    )
    time = forms.TimeField(
        label=gettext_lazy("Time"),
        input_formats=["%H:%M", "%H:%M:%S"],
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={
            "required": gettext_lazy("Choose a time"),
            "invalid": gettext_lazy("Choose a time"),
        },
    )
    duration = forms.ChoiceField(
        label=gettext_lazy("How long"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose how long"),
            "invalid_choice": gettext_lazy("Choose how long"),
        },
    )
    own = Duration(
        label=gettext_lazy("Hours and minutes"),
        help_text=gettext_lazy("Like 2:30"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "maxlength": 12}),
    )
    passengers = WholeNumber(
        label=gettext_lazy("Passengers"),
        min_value=1,
        max_value=MOST_PASSENGERS,
        error_messages={"required": gettext_lazy("Type how many passengers there are")},
    )
    bags = WholeNumber(
        label=gettext_lazy("Bags"),
        min_value=0,
        max_value=MOST_BAGS,
        error_messages={"required": gettext_lazy("Type how many bags there are")},
    )

    def __init__(self, data: Any, *, offer: Offer, places: Sequence[Place], at: datetime) -> None:
        super().__init__({})
        self.offer, self.places, self.at = offer, places, at
        self.initial = {"passengers": 1, "bags": 0}
        self.fields["day"].widget.attrs |= {"min": f"{self.today}", "max": f"{self._last_day}"}
        self.fields["time"].widget.attrs["step"] = 60 * offer.service.step_minutes
        self._ask_for_class()
        if offer.service.kind == Service.Kind.HOURLY:
            self._ask_how_long()
        else:
            del self.fields["duration"], self.fields["own"]
        if offer.service.kind == Service.Kind.TRANSFER:
            self._ask_for_places()
        self.data = {**self.initial, **{name: data[name] for name in NAMES if name in data}}

    @property
    def today(self) -> date:
        """At the service's place."""
        return self.offer.service.location.today(self.at)

    @property
    def _last_day(self) -> date:
        return self.today + timedelta(days=self.offer.service.horizon_days)

    def _ask_for_class(self) -> None:
        self.fields["class"] = forms.ChoiceField(
            label=_("Car class"),
            choices=[(str(one.pk), one.text) for one in self.offer.classes],
            required=False,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": _("Choose a class")},
        )

    def _ask_how_long(self) -> None:
        service = self.offer.service
        choices = [(str(n), lasting(n)) for n in service.quick_minutes]
        self.fields["duration"].choices = [*choices, (OWN, _("Other"))]  # type: ignore[attr-defined]
        fits = (n for n in service.quick_minutes if service.min_minutes <= n <= service.max_minutes)
        usual = next(fits, None)
        self.initial["duration"] = OWN if usual is None else str(usual)
        if usual is None:
            self.initial["own"] = hours_and_minutes(service.min_minutes)

    def _ask_for_places(self) -> None:
        for name, label, wrong in (
            ("from", _("From"), _("Choose where it begins")),
            ("to", _("To"), _("Choose where it ends")),
        ):
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=[("", _("Choose a place")), *((place.slug, place.text) for place in self.places)],
                error_messages={"required": wrong, "invalid_choice": wrong},
            )
            self.fields[name].widget.attrs["class"] = "input"

    def clean(self) -> dict[str, Any]:
        """A wish, where all that it takes is there (`wish`)."""
        data = super().clean() or {}
        if data.get("duration") == OWN and data.get("own") is None and "own" not in self.errors:
            self.add_error("own", ValidationError(_("Type hours and minutes, like 2:30"), code=MISSING))
        if data.get("from") and data.get("from") == data.get("to"):
            self.add_error("to", _("Choose another place than the first"))
        self._check_day(data.get("day"))
        if not self.errors and self.car_class:
            try:
                self.wish = self._wish(self.car_class, data)
            except Invalid as error:
                self.add_error("time", str(error.message))
        return data

    wish: Wish | None = None

    def _check_day(self, day: date | None) -> None:
        if day and not self.today - A_YEAR <= day <= self._last_day + A_YEAR:
            self.add_error("day", _("You can book until %(day)s.") % {"day": day_long(self._last_day)})

    def _wish(self, car_class: CarClass, data: dict[str, Any]) -> Wish:
        hours = hours_from(self.offer.service, data["day"], data["time"], self._minutes(car_class, data))
        return Wish(self.offer.service, car_class, hours, data["passengers"], data["bags"])

    def _minutes(self, car_class: CarClass, data: dict[str, Any]) -> int:
        if "duration" in data:
            return int(data["own"] if data["duration"] == OWN else data["duration"])
        return self.offer.length(car_class, self.options)

    @property
    def car_class(self) -> CarClass | None:
        """The class chosen, else the first that takes them all."""
        data = self.cleaned_data
        chosen = next((one for one in self.offer.classes if str(one.pk) == data.get("class")), None)
        return chosen or self.offer.smallest_for(data.get("passengers") or 1, data.get("bags") or 0)

    @property
    def options(self) -> RideOptions:
        """What the price asks beside class and time."""
        data = self.cleaned_data
        if self.offer.service.kind != Service.Kind.TRANSFER:
            return RideOptions(passengers=data.get("passengers") or 1, booked_at=self.at)
        by_slug = {place.slug: place for place in self.places}
        start, end = (by_slug.get(data.get(name, "")) for name in ("from", "to"))
        return RideOptions(start, end, booked_at=self.at)

    def forget_missing(self) -> None:
        """Nobody has pressed anything yet: what was not chosen so far is no mistake."""
        for name, errors in list(self.errors.as_data().items()):
            if all(error.code == MISSING for error in errors):
                del self.errors[name]


def hours_and_minutes(minutes: int) -> str:
    """As the field for an own duration takes it: "2:30"."""
    return f"{minutes // HOUR}:{minutes % HOUR:02}"


def as_query(wish: Wish, options: RideOptions = PLAIN) -> dict[str, Any]:
    """The fields of the form that ask for this wish. None of them is about a person."""
    said: dict[str, Any] = {"day": wish.begins.date().isoformat(), "time": f"{wish.begins:%H:%M}"}
    if wish.service.kind == Service.Kind.HOURLY:
        quick = wish.minutes in wish.service.quick_minutes
        said["duration"] = wish.minutes if quick else OWN
        said["own"] = "" if quick else hours_and_minutes(wish.minutes)
    if options.from_place and options.to_place:
        said |= {"from": options.from_place.slug, "to": options.to_place.slug}
    more = {"class": wish.car_class.pk, "passengers": wish.passengers, "bags": wish.bags}
    return {name: value for name, value in (said | more).items() if value != ""}
