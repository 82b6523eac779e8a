"""The details of a booking as typed: who drives, and where and when the car changes hands."""

import uuid
from datetime import date, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from bookings.availability.times import closed_then, half_hours, is_within, offered, usual_pickup
from bookings.days import Days
from bookings.forms.base import LinesField, MailboxField, SiteForm, TextField
from bookings.lifecycle.request import DETAILS, Details, Person
from bookings.lifecycle.rides.request import OF_THE_RIDE
from bookings.lifecycle.validation import MAX_EXTRAS
from bookings.models.booking import MAX_REQUESTS
from bookings.models.customer import MAX_NAME, MAX_PHONE
from cars.models import Car, Location
from exodrive.i18n.formats import clock


class WhoForm(SiteForm):
    """Who books, and what we should know. `key` makes a repeated post harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    full_name = TextField(
        label=gettext_lazy("Full name"),
        help_text=gettext_lazy("As written on your driving licence"),
        max_length=MAX_NAME,
        error_messages={"required": gettext_lazy("Enter your full name")},
        widget=forms.TextInput({"autocomplete": "name", "spellcheck": "false"}),
    )
    email = MailboxField(
        label=gettext_lazy("Email address"),
        help_text=gettext_lazy("We send your booking link here"),
        error_messages={
            "required": gettext_lazy("Enter your email address"),
        },
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
    )
    phone = TextField(
        label=gettext_lazy("Phone number"),
        help_text=gettext_lazy("Only used if there is a problem on the day"),
        required=False,
        max_length=MAX_PHONE,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    special_requests = LinesField(
        label=gettext_lazy("Special requests"),
        help_text=gettext_lazy("A child seat, a late arrival, anything we should know"),
        required=False,
        max_length=MAX_REQUESTS,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, data: Any = None, *, initial: Any = None, **kwargs: Any) -> None:
        super().__init__(data, initial={"key": uuid.uuid4(), **(initial or {})}, **kwargs)

    @property
    def person(self) -> Person:
        """The customer as typed."""
        return Person(self.cleaned_data["full_name"], self.cleaned_data["email"])


class DetailsForm(WhoForm):
    """Who drives, and where and when the car changes hands."""

    pick_up = forms.ModelChoiceField(
        Location.objects.none(), label=gettext_lazy("Pick-up place"), empty_label=None
    )
    drop_off = forms.ModelChoiceField(
        Location.objects.none(), label=gettext_lazy("Return place"), empty_label=None
    )
    pickup_time = forms.TimeField(label=gettext_lazy("Pick-up time"), widget=forms.Select)
    return_time = forms.TimeField(label=gettext_lazy("Return time"), widget=forms.Select)
    field_order = ("key", "full_name", "email", "phone", "pick_up", "drop_off", "pickup_time", "return_time")

    def __init__(
        self,
        data: Any = None,
        *,
        car: Car,
        days: Days,
        places: list[Location],
        initial: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, initial=initial, **kwargs)
        self.days, self.places, self.at = days, places, timezone.now()
        self._offer_places(car)
        self._offer_times("pickup_time", days.start, usual_pickup(car.location, days.start, self.at))
        self._offer_times("return_time", days.end, car.location.closes_on(days.end))

    def _offer_places(self, car: Car) -> None:
        if len(self.places) < 2:
            del self.fields["pick_up"], self.fields["drop_off"]
            return
        for name in ("pick_up", "drop_off"):
            field = self.fields[name]
            field.queryset = Location.objects.filter(pk__in=[place.pk for place in self.places])  # type: ignore[attr-defined]
            self.initial.setdefault(name, car.location_id)

    def _offer_times(self, name: str, day: date, usual: time) -> None:
        hours = [span for place in self.places for span in place.spans_on(day)]
        open_at = {moment for span in hours for moment in half_hours(*span)}
        times = offered(self.places[0], day, open_at | {usual}, at=self.at)
        if name == "return_time" and self.days.start == self.days.end:
            first = self.fields["pickup_time"].widget.choices[:1]
            times = [moment for moment in times if not first or f"{moment:%H:%M}" > first[0][0]]
        self.fields[name].widget.choices = [(f"{moment:%H:%M}", clock(moment)) for moment in times]
        self.initial.setdefault(name, f"{usual:%H:%M}")

    def clean(self) -> dict[str, Any]:
        """Times lie within the opening hours of their place."""
        data = super().clean() or {}
        self._check_time(data, "pickup_time", self._place(data, "pick_up"), self.days.start)
        self._check_time(data, "return_time", self._place(data, "drop_off"), self.days.end)
        return data

    def _check_time(self, data: dict[str, Any], name: str, place: Location, day: Any) -> None:
        moment = data.get(name)
        if moment and not is_within(place.times_on(day), moment):
            self.add_error(name, closed_then(place, day))

    def _place(self, data: dict[str, Any], name: str) -> Location:
        """The place chosen, with its hours; the only one there is when nothing could be chosen."""
        chosen = data.get(name)
        return next((place for place in self.places if chosen and place.pk == chosen.pk), self.places[0])

    @property
    def details(self) -> Details:
        """What was typed of a booking's details."""
        data = self.cleaned_data
        said = {name: data[name] for name in DETAILS & data.keys()}
        return Details(**said | {name: self._place(data, name) for name in ("pick_up", "drop_off")})


TYPED = ("full_name", "email", *sorted(DETAILS - {"extras"}), *OF_THE_RIDE)


def typed_details(data: Any) -> dict[str, str]:
    """What a post carries of the details form, to be carried on when the days have to change."""
    extras = [name for name in data if name.startswith("extra_")][:MAX_EXTRAS]
    return {name: str(data[name])[:MAX_REQUESTS] for name in (*TYPED, *extras) if data.get(name)}
