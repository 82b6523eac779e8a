"""What is typed to change a booking: days, car, places, times, extras, phone number, special requests."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.availability.alternatives import Alternative
from bookings.availability.extras import extras_left
from bookings.availability.locations import locations_for
from bookings.errors import Invalid
from bookings.forms.base import LinesField, SiteForm, TextField, parse_days
from bookings.forms.extras import OptionsForm, fees_for
from bookings.lifecycle.change import Change
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.history import last_change
from bookings.lifecycle.request import Details
from bookings.models import Booking, StatusChange
from bookings.models.booking import MAX_REQUESTS
from bookings.models.customer import MAX_PHONE
from cars.models import Car, Location
from cars.pricing.daily import PricingOptions
from exodrive.forms.shown import CHANGED, Remembers
from exodrive.i18n.formats import clock, money, span
from exodrive.numbers import small_number


class ChangesBooking(Remembers):
    """Writes what its reader altered of a booking, and says who else did."""

    booking: Booking

    def who_changed(self, name: str) -> str:
        """By the history; the customer is anybody who has the link."""
        kind, who = last_change(self.booking, _named_in_history(name))
        if kind == StatusChange.Actor.STAFF:
            return who or str(settings.BUSINESS_NAME)
        if kind == StatusChange.Actor.CUSTOMER:
            return _("Somebody with the booking link")
        return super().who_changed(name)


def _named_in_history(name: str) -> str:
    return "days" if name in ("start", "end") else "extras" if name.startswith("extra_") else name


class ChangeForm(ChangesBooking, OptionsForm):
    """A booking's days, car, places, times, extras, phone number and requests as they would become.

    A press on an alternative comes as `CHOSEN`: its car and days are then what was typed.
    """

    CHOSEN: ClassVar[str] = "take"
    key = None  # type: ignore[assignment]
    full_name = None  # type: ignore[assignment]
    email = None  # type: ignore[assignment]
    car = forms.ModelChoiceField(
        Car.objects.none(),
        label=gettext_lazy("Car"),
        empty_label=None,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the cars")},
    )

    def __init__(self, data: Any = None, *, booking: Booking, **kwargs: Any) -> None:
        self.booking, self.problem = booking, ""
        data = data and self._following(self._with_choice(data))
        self.typed_start, self.typed_end, days = *_typed_days(data, booking), booking.days
        try:
            days = parse_days(self.typed_start, self.typed_end)
        except Invalid as error:
            self.problem = self.problem or str(next(iter(error.details["fields"].values()))[0])
        places = self._places()
        initial = _as_booked(booking)
        super().__init__(data, car=booking.car, days=days, places=places, initial=initial, **kwargs)
        extras = extras_left(days, _typed_place(data, places, booking.pick_up), booking=booking)
        self.offer(extras, fees_for(booking.car, self._places_of_car()), booking.car, had=booking)
        self._offer_cars()
        self.compare()

    def _following(self, data: QueryDict) -> QueryDict:
        """Days that were left alone follow the booking; what was altered by two is a problem."""
        now = (self.booking.start_date.isoformat(), self.booking.end_date.isoformat())
        was = (data.get("initial-start"), data.get("initial-end"))
        typed = (data.get("start"), data.get("end"))
        if None in was or was == now:
            return data
        data = data.copy()
        data["initial-start"], data["initial-end"] = now
        if typed == was:
            data["start"], data["end"] = now
        elif typed != now:
            words = {"who": self.who_changed("start"), "now": span(*self.booking.days)}
            self.problem = CHANGED % words
        return data

    def _with_choice(self, data: QueryDict) -> QueryDict:
        """What was typed, with the car and days of an alternative when one was pressed."""
        parts = data.get(self.CHOSEN, "").split("/")
        if len(parts) != 3:
            return data
        typed = data.copy()
        typed["car"], typed["start"], typed["end"] = parts
        return typed

    def _places_of_car(self) -> list[Location]:
        booking, offered = self.booking, locations_for(self.booking.car)
        return offered + [place for place in {booking.pick_up, booking.drop_off} if place not in offered]

    def _places(self) -> list[Location]:
        """Where the car could change hands."""
        return self._places_of_car()

    def _offer_cars(self) -> None:
        """The booked car and the others of its location; without any there is nothing to choose."""
        booked = self.booking.car
        same_place = Car.objects.filter(location=booked.location_id, status=Car.Status.OFFERED)
        cars = same_place | Car.objects.filter(pk=booked.pk)
        self.fields["car"].queryset = cars  # type: ignore[attr-defined]
        if not same_place.exclude(pk=booked.pk).exists():
            del self.fields["car"]

    def _offer_times(self, name: str, day: Any, usual: Any) -> None:
        """The booked time, too, whatever the opening hours are by now."""
        super()._offer_times(name, day, usual)
        widget, booked = self.fields[name].widget, getattr(self.booking, name)
        widget.choices = sorted({*widget.choices, (f"{booked:%H:%M}", clock(booked))})

    def _check_time(self, data: dict[str, Any], name: str, place: Location, day: Any) -> None:
        """A time that stays as booked is judged by the verb, which may move it with its day."""
        if data.get(name) != getattr(self.booking, name):
            super()._check_time(data, name, place, day)

    def clean(self) -> dict[str, Any]:
        """The days make sense, too."""
        data = super().clean()
        if self.problem:
            self.add_error(None, self.problem)
        return data

    def _place(self, data: dict[str, Any], name: str) -> Location:
        """The place chosen, else the one booked."""
        chosen = data.get(name) or getattr(self.booking, name)
        return next((place for place in self.places if place.pk == chosen.pk), chosen)

    @property
    def wanted_car(self) -> Car:
        """The car as it would be."""
        chosen: Car | None = self.cleaned_data.get("car")
        return chosen or self.booking.car

    @property
    def _had(self) -> dict[int, int]:
        return {int(name.removeprefix("extra_")): n for name, n in self.had.items()}

    @property
    def asked(self) -> ChangeRequest:
        """What is different: what was not touched is not asked for again, and may follow what was."""
        booking = self.booking
        days = None if self.days == booking.days else self.days
        car = None if self.wanted_car == booking.car else self.wanted_car
        return ChangeRequest(days, car, self.details.unlike(booking), seen=booking, had=self._had)

    @property
    def pricing(self) -> PricingOptions:
        """What a quote for it depends on beside car and days."""
        return self.details.priced_at(self.booking.pick_up, self.booking.drop_off)

    def can_take(self, other: Alternative) -> bool:
        """Whether an alternative is a choice of this form, and not the booking as it is."""
        booked = self.booking
        here = other.car.pk == booked.car_id or other.car.location_id == booked.car.location_id
        return here and (other.car.pk, other.days) != (booked.car_id, booked.days)


def _typed_days(data: QueryDict | None, booking: Booking) -> tuple[str, str]:
    if data is None:
        return booking.start_date.isoformat(), booking.end_date.isoformat()
    return data.get("start", ""), data.get("end", "")


def _typed_place(data: QueryDict | None, places: list[Location], booked: Location) -> Location:
    typed = small_number(data.get("pick_up")) if data else None
    return next((place for place in places if place.pk == typed), booked)


def _as_booked(booking: Booking) -> dict[str, Any]:
    return {
        "car": booking.car_id,
        "start": booking.start_date,
        "end": booking.end_date,
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


class RequestsForm(ChangesBooking, SiteForm):
    """What a customer can change on a booking by themselves."""

    def __init__(self, data: Any = None, *, booking: Booking) -> None:
        self.booking = booking
        initial = {"phone": booking.phone, "special_requests": booking.special_requests}
        super().__init__(data, initial=initial)
        self.compare()

    phone = TextField(
        label=gettext_lazy("Phone number"),
        required=False,
        max_length=MAX_PHONE,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    special_requests = LinesField(
        label=gettext_lazy("Special requests"),
        required=False,
        max_length=MAX_REQUESTS,
        widget=forms.Textarea({"rows": 4}),
    )

    @property
    def asked(self) -> ChangeRequest:
        """What was typed."""
        return ChangeRequest(details=Details(**self.cleaned_data), seen=self.booking)
