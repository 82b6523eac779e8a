"""What staff fill in to say who drives a ride, and in which car."""

from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.availability.rides.others import OtherCar, other_cars
from bookings.errors import BookingError, DatesTaken
from bookings.forms.base import TextField, show_refusal
from bookings.lifecycle.rides.dispatch import OPEN, Dispatch, cars_for
from bookings.lifecycle.validation import MAX_REASON
from bookings.models import Booking
from bookings.models.customer import MAX_NAME
from bookings.ridden import ride_of
from cars.models import BY_NAME, Car
from exodrive.numbers import small_number
from inbox.forms.base import Plain


class DispatchForm(Plain):
    """Driver and car; why it is another one, and whether a customer who chose theirs agreed."""

    driver = TextField(
        label=gettext_lazy("Driver"),
        help_text=gettext_lazy("The customer reads this name. Leave it empty as long as it is open."),
        max_length=MAX_NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    car = forms.ChoiceField(
        label=gettext_lazy("Car"),
        help_text=gettext_lazy(
            "Cars that seat everybody and are free at that time, or that another ride gives in exchange."
        ),
        error_messages={
            "required": gettext_lazy("Choose a car"),
            "invalid_choice": gettext_lazy("Somebody has just taken this car. Choose another one."),
        },
    )
    reason = TextField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Only for another car. Staff see it in the history. The customer does not."),
        max_length=MAX_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    agreed = forms.BooleanField(
        label=gettext_lazy("The customer, who chose this very car, agreed to another one"), required=False
    )

    def __init__(self, data: Any = None, *, booking: Booking) -> None:
        ride = ride_of(booking)
        super().__init__(data, initial={"driver": ride.driver_name, "car": str(booking.car_id)})
        self.booking = booking
        self.fields["agreed"].widget.attrs.pop("class", None)
        may_move = booking.status in OPEN and not ride.departure_id
        self.others = other_cars(booking, _best_first(booking)) if may_move else []
        if not (ride.given_car and self.others):
            del self.fields["agreed"]
        if not self.others:
            del self.fields["reason"]
        field: Any = self.fields["car"]
        field.choices = self._choices()

    def _choices(self) -> list[Any]:
        own = (str(self.booking.car_id), _("%(car)s, as now") % {"car": _in_words(self.booking.car)})
        groups = [
            (name, [(_value(other), _other_in_words(other)) for other in found])
            for name, found in groupby(self.others, key=_group)
        ]
        return [own, *groups]

    def show(self, refusal: BookingError) -> None:
        """Write what the verb refused beside the fields that it is about."""
        if isinstance(refusal, DatesTaken):
            self.add_error("car", _("Somebody has just taken this car. Choose another one."))
        else:
            show_refusal(self, refusal)

    @property
    def asked(self) -> Dispatch:
        """What was filled in, on a form that is valid."""
        chosen = next((one for one in self.others if _value(one) == self.cleaned_data["car"]), None)
        return Dispatch(
            car=chosen.car if chosen else self.booking.car,
            driver=self.cleaned_data["driver"],
            reason=self.cleaned_data.get("reason", ""),
            agreed=self.cleaned_data.get("agreed", False),
            exchange=chosen.exchange if chosen else None,
            instead_of=small_number(self.data.get("out")),
            after=self.data.get("after"),
        )


def _best_first(booking: Booking) -> list[Car]:
    """Its class first, then what is smallest and does."""
    own = ride_of(booking).car_class_id
    cars = list(cars_for(booking).order_by("car_class__position", "car_class_id", *BY_NAME))
    return sorted(cars, key=lambda car: car.car_class_id != own)


def _value(other: OtherCar) -> str:
    return f"{other.car.pk}/{other.exchange.pk}" if other.exchange else str(other.car.pk)


def _group(other: OtherCar) -> str:
    return other.car.car_class.text if other.car.car_class else ""


def _other_in_words(other: OtherCar) -> str:
    if not other.exchange:
        return _in_words(other.car)
    said = {"car": _in_words(other.car), "reference": other.exchange.reference}
    return _("%(car)s, in exchange with %(reference)s") % said


def _in_words(car: Car) -> str:
    """ "Volta E3, FG-002-KL"."""
    return f"{car.name}, {car.plate}"
