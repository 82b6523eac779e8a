"""What a customer types to change a booking: days, places, times, phone number, special requests."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.changes import Details
from bookings.days import Days
from bookings.details import DetailsForm, places_for
from bookings.errors import BookingError, Invalid
from bookings.forms import parse_days
from bookings.models import Booking
from bookings.rebooking import Change
from cars.models import Car
from exodrive.formats import clock, money

FIELDS = {"startDate": "start", "endDate": "end", "pickupTime": "pickup_time", "returnTime": "return_time"}


class ChangeForm(DetailsForm):
    """A booking's days, places, times, phone number and requests as they would become."""

    key = None  # type: ignore[assignment]
    full_name = None  # type: ignore[assignment]
    email = None  # type: ignore[assignment]
    other_car = forms.ModelChoiceField(
        Car.objects.none(),
        label=gettext_lazy("Car"),
        empty_label=None,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the cars")},
    )

    def __init__(self, data: Any = None, *, booking: Booking) -> None:
        self.booking, self.problem = booking, ""
        self.start, self.end, days = *_typed_days(data, booking), booking.days
        try:
            days = parse_days(self.start, self.end)
        except Invalid as error:
            self.problem = str(next(iter(error.details["fields"].values()))[0])
        offered = places_for(booking.car)
        places = offered + [p for p in {booking.pick_up, booking.drop_off} if p not in offered]
        super().__init__(data, car=booking.car, days=days, places=places, initial=_as_booked(booking))
        self._offer_cars()
        for name in ("pickup_time", "return_time"):
            self._offer_booked_time(name, getattr(booking, name))

    def _offer_cars(self) -> None:
        """The booked car and the others of its location; without any there is nothing to choose."""
        booked = self.booking.car
        same_place = Car.objects.filter(location=booked.location_id, status=Car.Status.OFFERED)
        cars = same_place | Car.objects.filter(pk=booked.pk)
        self.fields["other_car"].queryset = cars  # type: ignore[attr-defined]
        if not same_place.exclude(pk=booked.pk).exists():
            del self.fields["other_car"]

    def _offer_booked_time(self, name: str, booked: Any) -> None:
        widget = self.fields[name].widget
        widget.choices = sorted({*widget.choices, (f"{booked:%H:%M}", clock(booked))})

    def clean(self) -> dict[str, Any]:
        """The days make sense, too."""
        data = super().clean()
        if self.problem:
            self.add_error(None, self.problem)
        return data

    @property
    def car(self) -> Car:
        """The car as it would be."""
        chosen: Car | None = self.cleaned_data.get("other_car")
        return chosen or self.booking.car

    @property
    def changed_car(self) -> Car | None:
        """The new car; None when it stays."""
        return None if self.car == self.booking.car else self.car

    @property
    def changed_days(self) -> Days | None:
        """The new days; None when they stay."""
        return None if self.days == self.booking.days else self.days

    @property
    def details(self) -> Details:
        """What else is new."""
        data, booking = self.cleaned_data, self.booking
        typed = {
            "phone": data["phone"],
            "special_requests": data["special_requests"],
            "pickup_time": data["pickup_time"],
            "return_time": data["return_time"],
            "pick_up": data.get("pick_up") or booking.pick_up,
            "drop_off": data.get("drop_off") or booking.drop_off,
        }
        return Details(**{name: value for name, value in typed.items() if value != getattr(booking, name)})

    def show(self, refusal: BookingError) -> None:
        """Write a refusal beside the fields it is about."""
        for name, sentences in refusal.details.get("fields", {"": [refusal.message]}).items():
            field = FIELDS.get(name)
            self.add_error(field if field in self.fields else None, str(sentences[0]))


def _typed_days(data: QueryDict | None, booking: Booking) -> tuple[str, str]:
    if data is None:
        return booking.start_date.isoformat(), booking.end_date.isoformat()
    start, _slash, end = data.get("take", "").partition("/")
    return start or data.get("start", ""), end or data.get("end", "")


def _as_booked(booking: Booking) -> dict[str, Any]:
    return {
        "other_car": booking.car_id,
        "phone": booking.phone,
        "special_requests": booking.special_requests,
        "pick_up": booking.pick_up.pk,
        "drop_off": booking.drop_off.pk,
        "pickup_time": f"{booking.pickup_time:%H:%M}",
        "return_time": f"{booking.return_time:%H:%M}",
    }


def in_words(change: Change) -> str:
    """The price difference as a sentence."""
    if change.difference > 0:
        return _("%(amount)s more, to pay at pick-up.") % {"amount": money(change.difference)}
    if change.difference < 0:
        return _("%(amount)s less to pay at pick-up.") % {"amount": money(-change.difference)}
    return _("The price stays the same.")


def seen(change: Change) -> str:
    """What the customer was shown: the car, the days and the price, to be sent along with the consent."""
    return (
        f"{change.booking.car_id} {change.booking.days.isoformat} {change.before.total} {change.after.total}"
    )
