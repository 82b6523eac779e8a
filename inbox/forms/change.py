"""The form with which staff change a booking: the customer's, for any car and place, and with exceptions."""

from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.called import with_cars
from bookings.forms.base import LinesField, TextField
from bookings.forms.change import ChangeForm
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.pricing.adjusting import Adjustment
from bookings.lifecycle.validation import MAX_REASON
from bookings.models import Booking
from bookings.models.booking import MAX_REQUESTS
from bookings.models.customer import MAX_PHONE
from cars.models import BY_NAME, Car, Location
from cars.pricing.agreed import Pricing
from exodrive.numbers import small_number
from inbox.forms.adjustment import AdjustsPrice
from inbox.forms.base import dress, refuse_places
from inbox.forms.blocks import day_field
from inbox.forms.cars import CarField


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


PRICINGS = [
    (
        "",
        gettext_lazy(
            "As usual: what is booked keeps its price, what is added costs what it does today, a swap by us nothing"
        ),
    ),
    (
        Pricing.KEPT.value,
        gettext_lazy(
            "Keep the price as booked, whatever changes (to add something for nothing takes a manager)"
        ),
    ),
    (Pricing.TODAY.value, gettext_lazy("Today’s price for everything")),
]


class StaffChangeForm(AdjustsPrice, ChangeForm):
    """Any car that is not retired, any place, times beside the half hours, and how it is priced; managers may make an
    exception and adjust the price, and say why."""

    CHOSEN = "instead"
    forgets = frozenset({"exception", "override", "customers_wish", "priced"})
    car = CarField(Car.objects.none(), label=gettext_lazy("Car"))
    customers_wish = forms.BooleanField(
        label=gettext_lazy("The customer asked for the other car"),
        help_text=gettext_lazy("Then it costs what it does today. A swap by us costs nothing."),
        required=False,
    )
    start = day_field(gettext_lazy("Pick-up day"), gettext_lazy("Choose a pick-up day"))
    end = day_field(gettext_lazy("Return day"), gettext_lazy("Choose a return day"))
    pick_up = place_field(gettext_lazy("Pick-up place"))
    pickup_time = clock_field(gettext_lazy("Pick-up time"), gettext_lazy("Enter the pick-up time"))
    drop_off = place_field(gettext_lazy("Return place"))
    return_time = clock_field(gettext_lazy("Return time"), gettext_lazy("Enter the return time"))
    phone = TextField(
        label=gettext_lazy("Phone number"),
        max_length=MAX_PHONE,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    special_requests = LinesField(
        label=gettext_lazy("Special requests"),
        required=False,
        max_length=MAX_REQUESTS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    priced = forms.ChoiceField(
        label=gettext_lazy("How it is priced"), choices=PRICINGS, widget=forms.RadioSelect, required=False
    )
    exception = forms.BooleanField(label=gettext_lazy("Make an exception to the rules"), required=False)
    override = TextField(
        label=gettext_lazy("Reason for making an exception"),
        help_text=gettext_lazy(
            "Managers may break the rules, never take days that are booked. The history shows the reason."
        ),
        required=False,
        max_length=MAX_REASON,
    )

    def __init__(self, data: Any = None, *, booking: Booking, may_override: bool) -> None:
        self.may_override = may_override
        super().__init__(data and with_cars(data, "car"), booking=booking, auto_id="id_%s")
        if not may_override:
            del self.fields["exception"], self.fields["override"]
        dress(self)
        for name in {"exception", "delivery", "customers_wish"} & self.fields.keys():
            self.fields[name].widget.attrs.pop("class", None)

    def compare(self) -> None:
        """With the adjustment, for managers."""
        if self.may_override:
            self.offer_adjustment(Adjustment.on(self.booking.as_quoted))
        super().compare()

    def _with_choice(self, data: QueryDict) -> QueryDict:
        """A place where the booked car lives goes along with a car that lives elsewhere."""
        typed = super()._with_choice(data)
        pk = small_number(typed.get("car"))
        if typed is data or pk in (None, self.booking.car_id):
            return typed
        car = Car.objects.select_related("location").filter(pk=pk).first()
        for name in ("pick_up", "drop_off"):
            if car and getattr(self.booking, name).pk == self.booking.car.location_id:
                typed[name] = str(car.location_id)
        return typed

    def _places(self) -> list[Location]:
        return list(Location.with_hours())

    def _offer_places(self, car: Car) -> None:
        for name in ("pick_up", "drop_off"):
            self.fields[name].queryset = Location.objects.all()  # type: ignore[attr-defined]

    def _offer_cars(self) -> None:
        own = Car.objects.filter(pk=self.booking.car_id)
        if self.booking.handed_over_at:
            self.fields["car"].help_text = _("The car is out: “Swap car…” gives the customer another one.")
        # While the car is out, another one is swapped for it, never changed.
        cars = own if self.booking.handed_over_at else Car.objects.exclude(status=Car.Status.RETIRED) | own
        self.fields["car"].queryset = (  # type: ignore[attr-defined]
            cars.select_related("location").order_by(*BY_NAME)
        )

    def _offer_times(self, name: str, day: Any, usual: Any) -> None:
        """Any time can be typed."""

    def _check_time(self, data: dict[str, Any], name: str, place: Location, day: Any) -> None:
        """The verb judges."""

    def clean(self) -> dict[str, Any]:
        """Days the right way round, places where the car may change hands, an exception with its reason."""
        typed_both = {"start", "end"} <= self.cleaned_data.keys()
        problem, self.problem = self.problem, ""
        cleaned = super().clean()
        if problem and typed_both:
            self.add_error("end", problem)
        if cleaned.get("exception") and not cleaned.get("override"):
            self.add_error("override", _("Enter why you make an exception"))
        if cleaned.get("car"):
            self._check_places(cleaned)
        self.check_adjustment(cleaned)
        return cleaned

    def _check_places(self, cleaned: dict[str, Any]) -> None:
        booking = self.booking
        if cleaned["car"] == booking.car and all(
            cleaned.get(name) in (None, getattr(booking, name)) for name in ("pick_up", "drop_off")
        ):
            return
        refuse_places(self, cleaned["car"])

    @property
    def asked(self) -> ChangeRequest:
        """What is different, with the reason for an exception."""
        data = self.cleaned_data
        same = self.adjustment == Adjustment.on(self.booking.as_quoted)
        return replace(
            super().asked,
            override=data["override"] if data.get("exception") else "",
            customers_wish=data["customers_wish"],
            pricing=Pricing(data["priced"]) if data["priced"] else None,
            adjustment=None if same else self.adjustment,
        )

    def who_changed(self, name: str) -> str:
        """The two fields of an adjustment are one thing in the history."""
        return super().who_changed("adjustment" if name.startswith("adjustment_") else name)
