"""The details of a booking with what is added to the rental: extras left on the days, delivery, the driver's age."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from bookings.creation import Wishes
from bookings.days import Days
from bookings.details import DetailsForm
from bookings.extras import extras_left
from cars.models import Car, Extra, Fee, Location
from cars.pricing import Choices
from exodrive.formats import money

EXTRA = re.compile(r"extra_(\d{1,9})")
OLDEST = 120  # years


class BookingForm(DetailsForm):
    """Details with wishes: only what exists for this car, place and days is asked for."""

    def __init__(
        self, data: Any = None, *, car: Car, days: Days, places: list[Location], initial: Any = None
    ) -> None:
        super().__init__(data, car=car, days=days, places=places, initial=initial)
        self.car = car
        near = {None, *(place.pk for place in places)}
        fees = [fee for fee in Fee.objects.all() if fee.car_id in (None, car.pk) and fee.location_id in near]
        self.extras = {f"extra_{extra.pk}": extra for extra in extras_left(days, car.location)}
        for name, extra in self.extras.items():
            self.fields[name] = _quantity(extra)
        delivery = [fee for fee in fees if fee.kind == Fee.Kind.DELIVERY]
        if delivery:
            self.fields["delivery"] = forms.BooleanField(
                label=_("Bring the car to me"), required=False, help_text=_price(delivery[0])
            )
        if any(fee.kind == Fee.Kind.YOUNG_DRIVER for fee in fees):
            self.fields["driver_age"] = _age(car)

    @property
    def wish_fields(self) -> list[forms.BoundField]:
        """What can be wished for, in order, without the delivery's box."""
        return [self[name] for name in (*self.extras, "driver_age") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """An extra that is gone is named."""
        data = super().clean()
        for name, number in self.data.items():
            asked = EXTRA.fullmatch(name)
            if asked and name not in self.extras and _whole(number):
                extra = Extra.objects.filter(pk=asked[1]).first()
                words = _("%(extra)s is not left on these days.")
                self.add_error(None, words % {"extra": extra.text if extra else _("The extra")})
        return data

    @property
    def _typed(self) -> Mapping[str, Any]:
        return self.cleaned_data if self.is_bound else self.initial

    @property
    def wishes(self) -> Wishes:
        """What is added to the rental; what makes no sense is left out."""
        typed = self._typed
        counted = [(extra, min(_whole(typed.get(name)), _most(extra))) for name, extra in self.extras.items()]
        return Wishes(
            extras=tuple((extra, n) for extra, n in counted if n),
            delivery="delivery" in self.fields and bool(typed.get("delivery")),
            driver_age=(_whole(typed.get("driver_age")) or None) if "driver_age" in self.fields else None,
        )

    @property
    def choices(self) -> Choices:
        """The same for a quote, with the places."""
        wishes, usual = self.wishes, self.places[0].pk
        return Choices(
            self._place("pick_up", usual),
            self._place("drop_off", usual),
            wishes.delivery,
            wishes.driver_age,
            wishes.extras,
        )

    def _place(self, name: str, usual: int) -> int:
        typed = self._typed.get(name)
        wanted = typed.pk if isinstance(typed, Location) else _whole(typed)
        return wanted if wanted in {place.pk for place in self.places} else usual


def _quantity(extra: Any) -> forms.Field:
    words = _("%(extra)s: only %(n)d left on these days.") % {"extra": extra.text, "n": extra.left}
    return forms.TypedChoiceField(
        label=extra.text,
        help_text=_price(extra),
        choices=[(n, str(n)) for n in range(_most(extra) + 1)],
        coerce=int,
        required=False,
        error_messages={"invalid_choice": words},
        widget=forms.Select({"class": "input"}),
    )


def _age(car: Car) -> forms.Field:
    too_young = _("Drivers of this car must be %(age)d or over") % {"age": car.minimum_age}
    return forms.IntegerField(
        label=_("Driver’s age"),
        min_value=car.minimum_age,
        max_value=OLDEST,
        error_messages={
            "required": _("Enter the driver’s age"),
            "invalid": _("Enter the driver’s age"),
            "max_value": _("Enter the driver’s age"),
            "min_value": too_young,
        },
        widget=forms.NumberInput({"class": "input", "inputmode": "numeric"}),
    )


def _most(extra: Any) -> int:
    return int(min(extra.left, extra.max_per_booking))


def _price(priced: Extra | Fee) -> str:
    amount = priced.price if isinstance(priced, Extra) else priced.amount
    words = _("%(price)s per day") if priced.per == "day" else _("%(price)s per rental")
    return words % {"price": money(amount)}


def _whole(value: Any) -> int:
    """The number in it when there is one that is not negative, else 0."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
