"""What a customer types to change a booking: days, car, places, times, extras, phone number, special requests."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.availability.alternatives import Alternative
from bookings.availability.extras import extras_left
from bookings.availability.locations import locations_for
from bookings.days import Days
from bookings.errors import BookingError, Invalid
from bookings.forms.base import LONGEST_REQUEST, LinesField, SiteForm, parse_days
from bookings.forms.details import DetailsForm
from bookings.forms.extras import OptionsForm, fees_for
from bookings.lifecycle.change import Change
from bookings.lifecycle.change_details import Details
from bookings.models import Booking
from cars.models import Car, Location
from cars.pricing.daily import PricingOptions
from exodrive.i18n.formats import clock, money

FIELDS = {
    "startDate": "start",
    "endDate": "end",
    "pickupTime": "pickup_time",
    "returnTime": "return_time",
    "pickUpLocationId": "pick_up",
    "dropOffLocationId": "drop_off",
    "driverAge": "driver_age",
}


class ChangeForm(OptionsForm, DetailsForm):
    """A booking's days, car, places, times, extras, phone number and requests as they would become."""

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
        data = data and _with_choice(data)
        self.start, self.end, days = *_typed_days(data, booking), booking.days
        try:
            days = parse_days(self.start, self.end)
        except Invalid as error:
            self.problem = str(next(iter(error.details["fields"].values()))[0])
        offered = locations_for(booking.car)
        places = offered + [p for p in {booking.pick_up, booking.drop_off} if p not in offered]
        super().__init__(data, car=booking.car, days=days, places=places, initial=_as_booked(booking))
        extras = extras_left(days, _typed_place(data, places, booking.pick_up), booking=booking)
        self.offer(extras, fees_for(booking.car, places), booking.car, had=booking)
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

    def _check_time(self, data: dict[str, Any], name: str, place: Location | None, day: Any) -> None:
        """A time that stays as booked is judged by the verb, which may move it with its day."""
        if data.get(name) != getattr(self.booking, name):
            super()._check_time(data, name, place, day)

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
            "delivery": self.options.delivery,
            "driver_age": self.options.driver_age or booking.driver_age,
        }
        return Details(**{name: value for name, value in typed.items() if value != getattr(booking, name)})

    @property
    def pricing(self) -> PricingOptions:
        """What a quote for it depends on beside car and days."""
        data, options = self.cleaned_data, self.options
        pick_up, drop_off = (
            data.get(name) or getattr(self.booking, name) for name in ("pick_up", "drop_off")
        )
        return PricingOptions(pick_up.pk, drop_off.pk, options.delivery, options.driver_age, options.extras)

    @property
    def is_as_booked(self) -> bool:
        """Whether nothing would change."""
        moved = (self.changed_days, self.changed_car, self.changed_extras)
        return moved == (None, None, None) and not self.details.named

    def can_take(self, other: Alternative) -> bool:
        """Whether an alternative is a choice of this form, and not the booking as it is."""
        booked = self.booking
        here = other.car.pk == booked.car_id or other.car.location_id == booked.car.location_id
        return here and (other.car.pk, other.days) != (booked.car_id, booked.days)

    def show(self, refusal: BookingError) -> None:
        """Write a refusal beside the fields it is about."""
        for name, sentences in refusal.details.get("fields", {"": [refusal.message]}).items():
            field = FIELDS.get(name)
            self.add_error(field if field in self.fields else None, str(sentences[0]))


def _with_choice(data: QueryDict) -> QueryDict:
    """What was typed, with the car and days of an alternative when one was pressed."""
    parts = data.get("take", "").split("/")
    if len(parts) != 3:
        return data
    typed = data.copy()
    typed["other_car"], typed["start"], typed["end"] = parts
    return typed


def _typed_days(data: QueryDict | None, booking: Booking) -> tuple[str, str]:
    if data is None:
        return booking.start_date.isoformat(), booking.end_date.isoformat()
    return data.get("start", ""), data.get("end", "")


def _typed_place(data: QueryDict | None, places: list[Location], booked: Location) -> Location:
    typed = data.get("pick_up", "") if data else ""
    return next((place for place in places if str(place.pk) == typed), booked)


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
    if change.difference.amount > 0:
        return _("%(amount)s more, to pay at pick-up.") % {"amount": money(change.difference)}
    if change.difference.amount < 0:
        return _("%(amount)s less to pay at pick-up.") % {"amount": money(-change.difference)}
    return _("The price stays the same.")


def seen(change: Change) -> str:
    """What the customer was shown: car, days, extras and price, to be sent along with the consent."""
    booking, extras = change.booking, ",".join(f"{extra.pk}:{n}" for extra, n in change.extras)
    return f"{booking.car_id} {booking.days.isoformat} {extras} {change.before.total.amount} {change.after.total.amount}"


class RequestsForm(SiteForm):
    """What a customer can change on a booking by themselves."""

    phone = forms.CharField(
        label=gettext_lazy("Phone number"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    special_requests = LinesField(
        label=gettext_lazy("Special requests"),
        required=False,
        max_length=LONGEST_REQUEST,
        widget=forms.Textarea({"rows": 4}),
    )
