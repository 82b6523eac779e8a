"""What is added to the rental as typed: extras left on the days, delivery, the driver's age."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from bookings.availability.extras import extras_left
from bookings.days import Days
from bookings.forms.base import TextField
from bookings.forms.details import DetailsForm
from bookings.lifecycle.request import Details
from bookings.models import Booking
from bookings.models.booking import MAX_ADDRESS_LINE, OLDEST
from cars.models import Car, Extra, Fee, Location, terms_of
from cars.pricing.daily import PricingOptions
from exodrive.i18n.formats import listed_extras, money, plus_tax
from exodrive.i18n.typed_numbers import WholeNumber
from exodrive.money import catalogue_price
from exodrive.numbers import small_number

EXTRA = re.compile(r"extra_(\d{1,9})")


class OptionsForm(DetailsForm):
    """Details, and fields for what is added once car, place and days are known: only what exists is asked for."""

    extras: dict[str, Extra]
    had: Mapping[str, int] = {}

    def offer(
        self, extras: Iterable[Extra], fees: Iterable[Fee], car: Car, had: Booking | None = None
    ) -> None:
        """Add a field for each extra (with `left`), for delivery and for the age where there is such a fee.

        What the booking has already (`had`) can be kept, whatever is left or offered. Prices in a currency other than
        its own are not shown: it cannot have them.
        """
        self.had = {f"extra_{pk}": quantity for pk, quantity in had.counted_extras.items()} if had else {}
        self.extras = {f"extra_{extra.pk}": extra for extra in extras}
        priced = had is None or had.in_catalogue_currency
        terms = terms_of(car) if any(extra.about for extra in self.extras.values()) else {}
        for name, extra in self.extras.items():
            most = max(most_of(extra), self.had.get(name, 0))
            self.fields[name] = quantity_field(extra, most, terms.get(extra.about, ""), priced=priced)
        delivery = next((fee for fee in fees if fee.kind == Fee.Kind.DELIVERY), None)
        if delivery or (had and had.delivery):
            self.fields["delivery"] = forms.BooleanField(
                label=_("Bring the car to me"),
                required=False,
                help_text=_price(delivery) if delivery and priced else "",
            )
            self.fields["delivery_address"] = TextField(
                label=_("Address for the delivery"),
                help_text=_("Street, number and town, or your hotel"),
                required=False,
                max_length=MAX_ADDRESS_LINE,
                widget=forms.TextInput({"class": "input", "autocomplete": "street-address"}),
            )
        if any(fee.kind == Fee.Kind.YOUNG_DRIVER for fee in fees):
            self.fields["driver_age"] = _age(car)
            self.fields["driver_age"].required = had is None or had.driver_age is not None
        if had:
            self.initial.update(
                dict.fromkeys(self.extras, 0) | self.had,
                delivery=had.delivery,
                delivery_address=had.delivery_address,
                driver_age=had.driver_age,
            )

    @property
    def extra_fields(self) -> list[forms.BoundField]:
        """How many of each extra, in order."""
        return [self[name] for name in self.extras]

    @property
    def option_fields(self) -> list[forms.BoundField]:
        """What can be wished for, in order, without the delivery's box."""
        return [*self.extra_fields, *([self["driver_age"]] if "driver_age" in self.fields else [])]

    def clean(self) -> dict[str, Any]:
        """An extra that is gone is named; a car that is brought needs an address, and an address that car."""
        data = super().clean() or {}
        if not data.get("delivery"):
            data["delivery_address"] = ""
        elif (
            not data.get("delivery_address") and "delivery_address" not in self.errors and not self._as_had()
        ):
            self.add_error("delivery_address", _("Enter the address where we bring the car"))
        for name, number in self.data.items():
            asked = EXTRA.fullmatch(name)
            if asked and name not in self.extras and small_number(number):
                extra = Extra.objects.filter(pk=asked[1]).first()
                words = _("%(extra)s is not left on these days.")
                self.add_error(None, words % {"extra": extra.text if extra else _("The extra")})
        return data

    def _as_had(self) -> bool:
        """Brought as agreed before addresses were asked for."""
        return bool(self.initial.get("delivery")) and not self.initial.get("delivery_address")

    @property
    def _typed(self) -> Mapping[str, Any]:
        return self.cleaned_data if self.is_bound else self.initial

    @property
    def options(self) -> Details:
        """What is added to the rental, also of a form that is not checked: what makes no sense is left out."""
        typed = self._typed
        counted = [(extra, self._number(name)) for name, extra in self.extras.items()]
        return Details(
            extras=tuple((extra, n) for extra, n in counted if n),
            delivery="delivery" in self.fields and bool(typed.get("delivery")),
            driver_age=small_number(typed.get("driver_age")) or None if "driver_age" in self.fields else None,
        )

    @property
    def details(self) -> Details:
        """All of a booking's details."""
        return replace(super().details, extras=self.options.extras)

    def _number(self, name: str) -> int:
        asked = not self.is_bound or name in self.data
        most = len(self.fields[name].choices) - 1  # type: ignore[attr-defined]
        return min(small_number((self._typed if asked else self.initial).get(name)) or 0, most)


class BookingForm(OptionsForm):
    """What makes a booking of a hold."""

    def __init__(
        self, data: Any = None, *, car: Car, days: Days, places: list[Location], initial: Any = None
    ) -> None:
        super().__init__(data, car=car, days=days, places=places, initial=initial)
        self.car = car
        self.offer(extras_left(days, car.location), fees_for(car, places), car)

    @property
    def pricing(self) -> PricingOptions:
        """What a quote depends on, also of a form that is not checked."""
        return self.options.priced_at(self._typed_place("pick_up"), self._typed_place("drop_off"))

    @property
    def says_more(self) -> bool:
        """Whether something was chosen, or is wrong, that the page folds away."""
        folded = {
            "pick_up",
            "drop_off",
            "pickup_time",
            "return_time",
            "delivery",
            "delivery_address",
            *self.extras,
        }
        return bool(self.options.counted or self.options.delivery or folded & self.errors.keys())

    @property
    def in_short(self) -> str:
        """What the page folds away, in a line: times and what is added."""
        times = [self[name].value() for name in ("pickup_time", "return_time")]
        said = [_("from %(time)s") % {"time": times[0]}, _("by %(time)s") % {"time": times[1]}]
        if counted := self.options.counted:
            said.append(listed_extras((extra.text, n) for extra, n in counted))
        return " · ".join(said)

    def _typed_place(self, name: str) -> Location:
        typed = self._typed.get(name)
        wanted = typed.pk if isinstance(typed, Location) else small_number(typed)
        return next((place for place in self.places if place.pk == wanted), self.places[0])


def fees_for(car: Car, places: Iterable[Location]) -> list[Fee]:
    """Fees that may apply to a car at these places. One query."""
    near = {None, *(place.pk for place in places)}
    return [fee for fee in Fee.objects.all() if fee.car_id in (None, car.pk) and fee.location_id in near]


def quantity_field(extra: Any, most: int, term: str = "", *, priced: bool = True) -> forms.Field:
    """How many of an extra (with `left`), up to `most`; priced in the catalogue's currency."""
    words = _("%(extra)s: only %(n)d left on these days.") % {"extra": extra.text, "n": max(extra.left, 0)}
    return forms.TypedChoiceField(
        label=extra.text,
        help_text=" · ".join(filter(None, [_price(extra) if priced else "", term])),
        choices=[(n, str(n)) for n in range(most + 1)],
        coerce=int,
        required=False,
        error_messages={"invalid_choice": words},
        widget=forms.Select(
            {"class": "input", "data-stepper": True, "data-less": _("One less"), "data-more": _("One more")}
        ),
    )


def _age(car: Car) -> forms.Field:
    too_young = _("Drivers of this car must be %(age)d or over") % {"age": car.minimum_age}
    return WholeNumber(
        label=_("Driver’s age"),
        min_value=car.minimum_age,
        max_value=OLDEST,
        error_messages={
            "required": _("Enter the driver’s age"),
            "invalid": _("Enter the driver’s age"),
            "max_value": _("Enter the driver’s age"),
            "min_value": too_young,
        },
        widget=forms.TextInput({"class": "input"}),
    )


def most_of(extra: Any) -> int:
    """How many one booking can have of an extra with `left`."""
    return max(int(min(extra.left, extra.max_per_booking)), 0) if extra.is_offered else 0


def _price(priced: Extra | Fee) -> str:
    amount = priced.price if isinstance(priced, Extra) else priced.amount
    words = _("%(price)s per day") if priced.per == "day" else _("%(price)s per rental")
    return words % {"price": money(catalogue_price(amount))} + plus_tax()
