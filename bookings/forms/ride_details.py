"""The details of a held ride as typed: who is driven, from which door to which, and what is wanted beside it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.availability.extras import extras_left
from bookings.availability.rides.wish import Wish
from bookings.forms.base import TextField
from bookings.forms.details import WhoForm
from bookings.forms.extras import most_of, quantity_field
from bookings.lifecycle.request import Extras
from bookings.lifecycle.rides.doors import addresses_of, is_stop
from bookings.lifecycle.rides.request import OF_THE_RIDE, RideDetails
from bookings.models.customer import MAX_NAME
from bookings.models.hours.rides import MAX_ADDRESS_TEXT
from cars.models import Extra
from cars.pricing.rides.inputs import RideOptions
from exodrive.i18n.formats import listed_extras
from exodrive.numbers import small_number


class AsksWhere(forms.Form):
    """Mixed into a form that asks what a driver needs to know: doors, flight, the name on the sign."""

    from_text = TextField(
        label=gettext_lazy("Pick-up address"),
        help_text=gettext_lazy("Street, number and town, or your hotel"),
        max_length=MAX_ADDRESS_TEXT,
        error_messages={"required": gettext_lazy("Enter the address where we pick you up")},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    to_text = TextField(
        label=gettext_lazy("Destination"),
        help_text=gettext_lazy("Street, number and town, or your hotel"),
        max_length=MAX_ADDRESS_TEXT,
        error_messages={"required": gettext_lazy("Enter the address where we take you")},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    flight_number = TextField(
        label=gettext_lazy("Flight number"),
        help_text=gettext_lazy("Like AF1234: so that we know when you land"),
        required=False,
        max_length=8,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    sign_name = TextField(
        label=gettext_lazy("Name on the sign"),
        help_text=gettext_lazy("Empty: your own"),
        required=False,
        max_length=MAX_NAME,
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def ask_where(self, wish: Wish, options: RideOptions) -> None:
        """Leave out what there is no door or no flight for."""
        asked, addresses = self.fields, addresses_of(wish.service, options)
        for name, place in (("from_text", options.from_place), ("to_text", options.to_place)):
            if name not in addresses:
                del asked[name]
                continue
            asked[name].required = addresses[name]
            if place:
                asked[name].label = _("Address in %(place)s") % {"place": place.text}
        if not is_stop(options.from_place):
            del asked["flight_number"], asked["sign_name"]

    @property
    def where(self) -> list[forms.BoundField]:
        """From which door to which, and how they find each other; as far as it is asked for."""
        return [self[name] for name in OF_THE_RIDE if name in self.fields]


class HeldRideForm(AsksWhere, WhoForm):
    """What makes a booking of a held ride: asked for is only what its driver needs to know."""

    field_order = ("key", "full_name", "email", "phone", *OF_THE_RIDE)

    def __init__(self, data: Any = None, *, wish: Wish, options: RideOptions, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["full_name"].help_text = ""
        self.ask_where(wish, options)
        self.days = wish.hours.days(wish.service.location.zone)
        self.extras: dict[str, Extra] = {}
        for extra in extras_left(self.days, wish.service.location):
            name = f"extra_{extra.pk}"
            self.extras[name] = extra
            self.fields[name] = quantity_field(extra, most_of(extra))

    @property
    def extra_fields(self) -> list[forms.BoundField]:
        """How many of each extra, in order."""
        return [self[name] for name in self.extras]

    @property
    def counted(self) -> Extras:
        """The extras wished for, also of a form that is not checked."""
        said = self.cleaned_data if self.is_bound else self.initial
        counted = [(extra, small_number(said.get(name)) or 0) for name, extra in self.extras.items()]
        return tuple((extra, min(n, most_of(extra))) for extra, n in counted if n)

    @property
    def details(self) -> RideDetails:
        """What was typed, once it is checked."""
        data = self.cleaned_data
        said = {name: data.get(name, "") for name in ("phone", "special_requests", *OF_THE_RIDE)}
        return RideDetails(**said, extras=self.counted)

    @property
    def in_short(self) -> str:
        """What the page folds away, in a line."""
        return listed_extras((extra.text, n) for extra, n in self.counted)
