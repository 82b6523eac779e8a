"""What is asked for to join a departure: which one, and how many seats."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from bookings.availability.departures.offered import Going
from bookings.availability.rides.wish import Wish
from bookings.forms.base import SiteForm
from bookings.models.hours.departures import MOST_SEATS
from cars.pricing.rides.inputs import RideOptions
from exodrive.i18n.typed_numbers import WholeNumber

NAMES = ("departure", "adults", "children")


class SeatsForm(SiteForm):
    """Seats on one of the departures that are `coming`. Grown-ups and children may pay differently."""

    departure = forms.ChoiceField(
        label=gettext_lazy("Departure"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a departure"),
            "invalid_choice": gettext_lazy("Choose a departure that can still be booked"),
        },
    )
    adults = WholeNumber(
        label=gettext_lazy("Adults"),
        min_value=1,
        max_value=MOST_SEATS,
        error_messages={"required": gettext_lazy("Type how many adults come along")},
    )
    children = WholeNumber(label=gettext_lazy("Children"), min_value=0, max_value=MOST_SEATS, required=False)

    def __init__(self, data: Any, *, coming: Sequence[Going]) -> None:
        self.coming = {str(one.departure.pk): one for one in coming}
        super().__init__(None if data is None else {name: data[name] for name in NAMES if name in data})
        self.initial = {"adults": 1, "children": 0}
        choices = [(pk, pk) for pk in self.coming]
        self.fields["departure"].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> str:
        """The departure that is marked, whether or not the rest makes sense."""
        return str(self.data.get("departure", "")) if self.is_bound else ""

    @property
    def wish(self) -> Wish | None:
        """Once all of it is chosen and makes sense."""
        if not self.is_bound or not self.is_valid():
            return None
        return self.coming[self.cleaned_data["departure"]].seats(self._adults + self._children)

    @property
    def options(self) -> RideOptions:
        """What the price asks beside the departure."""
        return RideOptions(passengers=self._adults, children=self._children)

    @property
    def _adults(self) -> int:
        return self.cleaned_data["adults"]

    @property
    def _children(self) -> int:
        return self.cleaned_data.get("children") or 0


def as_seats_query(wish: Wish, options: RideOptions) -> dict[str, Any]:
    """The fields of the form that ask for these seats."""
    pk = wish.departure.pk if wish.departure else ""
    return {"departure": pk, "adults": options.passengers, "children": options.children}
