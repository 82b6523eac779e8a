"""What staff fill in when a customer on the road gets another car."""

from datetime import datetime
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.errors import BookingError, DatesTaken
from bookings.forms.base import TextField, show_refusal
from bookings.lifecycle.keys.swap import Swap, cars_for_the_rest
from bookings.lifecycle.validation import MAX_REASON
from bookings.models import Booking
from cars.models import BY_NAME, Car
from exodrive.i18n.formats import money
from exodrive.i18n.typed_numbers import WholeNumber
from exodrive.money import catalogue_price
from exodrive.numbers import small_number
from inbox.forms.base import Plain
from inbox.forms.blocks import day_field
from inbox.forms.booking import FUEL


def odometer_field(label: Any, **more: Any) -> WholeNumber:
    """In whole kilometres."""
    return WholeNumber(
        label=label,
        unit="km",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Enter the odometer reading"),
            "invalid": gettext_lazy("Enter the odometer reading in whole kilometres"),
        },
        **more,
    )


class SwapForm(Plain):
    """The other car, how both stand, why, and until when the old one stays off the road. Managers may pass by an age."""

    car = forms.ModelChoiceField(
        Car.objects.none(),
        label=gettext_lazy("New car"),
        help_text=gettext_lazy(
            "Cars that are free for the rest of the rental, those of the pick-up place first."
        ),
        error_messages={
            "required": gettext_lazy("Choose a car"),
            "invalid_choice": gettext_lazy("Choose one of the cars"),
        },
    )
    odometer = odometer_field(gettext_lazy("Odometer of the old car (km)"))
    fuel = forms.TypedChoiceField(
        label=gettext_lazy("Fuel or charge of the old car"),
        choices=[("", gettext_lazy("Choose")), *FUEL],
        coerce=int,
        error_messages={"required": gettext_lazy("Choose how full it is")},
    )
    new_odometer = odometer_field(gettext_lazy("Odometer of the new car (km)"), required=False)
    new_fuel = forms.TypedChoiceField(
        label=gettext_lazy("Fuel or charge of the new car"),
        choices=[("", gettext_lazy("Choose")), *FUEL],
        coerce=int,
        empty_value=None,
        required=False,
    )
    reason = TextField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Staff see it in the history and in the calendar. The customer does not."),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Enter why the car is swapped")},
    )
    block_until = day_field(gettext_lazy("Block the old car until"), gettext_lazy("Choose the last day"))
    exception = forms.BooleanField(
        label=gettext_lazy("Let the driver go although they are too young for the car"), required=False
    )

    def __init__(self, data: Any = None, *, booking: Booking, at: datetime, may_override: bool) -> None:
        super().__init__(data, initial={"block_until": booking.end_date})
        self.booking = booking
        self.fields["block_until"].required = False
        self.fields["block_until"].help_text = _("Leave it empty when others may have it at once.")
        self.fields["exception"].widget.attrs.pop("class", None)
        if not may_override or booking.driver_age is None:
            del self.fields["exception"]
        self._offer(at)

    def _offer(self, at: datetime) -> None:
        """The free cars, grouped by place; any other one that is named goes to the verb, which says why not."""
        here = self.booking.pick_up
        free = list(cars_for_the_rest(self.booking, at).order_by("location__name", "location_id", *BY_NAME))
        free.sort(key=lambda car: car.location_id != here.pk)
        groups = [
            (place.name, [(car.pk, _in_words(car)) for car in cars])
            for place, cars in groupby(free, key=lambda car: car.location)
        ]
        field: Any = self.fields["car"]
        field.queryset = Car.objects.exclude(status=Car.Status.RETIRED).select_related("location")
        field.widget.choices = [("", _("Choose a car")), *groups]
        self.found = len(free)

    def show(self, refusal: BookingError) -> None:
        """Write what the verb refused beside the fields that it is about."""
        if isinstance(refusal, DatesTaken):
            self.add_error(
                "car", _("Somebody has just taken this car for some of the days. Choose another one.")
            )
        else:
            show_refusal(self, refusal)

    @property
    def asked(self) -> Swap:
        """What was filled in, on a form that is valid."""
        return Swap(instead_of=small_number(self.data.get("out")), **self.cleaned_data)


def _in_words(car: Car) -> str:
    """ "Volta E3, FG-002-KL, €240 per day"."""
    rate = _("%(price)s per day") % {"price": money(catalogue_price(car.daily_rate))}
    return f"{car.name}, {car.plate}, {rate}"
