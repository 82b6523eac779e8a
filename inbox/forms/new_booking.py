"""A booking by hand in one form: when and where, which car, what is added, for whom."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.days import Days
from bookings.errors import Invalid
from bookings.forms.base import TextField
from bookings.forms.extras import EXTRA, most_of, quantity_field
from bookings.lifecycle.pricing.adjusting import Adjustment
from bookings.lifecycle.request import DETAILS, BookingRequest, Details
from bookings.lifecycle.validation import of_delivery
from bookings.models import Booking
from bookings.models.booking import MAX_ADDRESS_LINE, OLDEST, YOUNGEST
from cars.models import BY_NAME, Car, Extra, Location
from exodrive.i18n.typed_numbers import WholeNumber
from exodrive.numbers import small_number
from inbox.forms.adjustment import AdjustsPrice
from inbox.forms.base import dress, refuse_places
from inbox.forms.blocks import day_field
from inbox.forms.somebody import NOBODY, ForSomebody

TICKS = ("delivery", "silent")


def _clock(label: Any, hint: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        help_text=hint,
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Enter a time like 14:30")},
    )


def _place(label: Any, empty: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(Location.objects.none(), label=label, required=False, empty_label=empty)


class NewBookingForm(AdjustsPrice, ForSomebody):
    """Which car and days, and for whom. Days are checked by the verb."""

    start = day_field(gettext_lazy("Pick-up day"), gettext_lazy("Choose a pick-up day"))
    end = day_field(gettext_lazy("Return day"), gettext_lazy("Choose a return day"))
    pickup_time = _clock(gettext_lazy("Pick-up time"), gettext_lazy("Empty: at opening time, today now"))
    return_time = _clock(gettext_lazy("Return time"), gettext_lazy("Empty: at closing time"))
    pick_up = _place(gettext_lazy("Pick-up place"), gettext_lazy("Where the car is"))
    drop_off = _place(gettext_lazy("Return place"), gettext_lazy("Same as pick-up"))
    car = forms.ModelChoiceField(
        Car.objects.none(),
        label=gettext_lazy("Car"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a car")},
    )
    delivery = forms.BooleanField(label=gettext_lazy("Bring the car to the customer"), required=False)
    delivery_address = TextField(
        label=gettext_lazy("Address for the delivery"),
        required=False,
        max_length=MAX_ADDRESS_LINE,
        widget=forms.TextInput(attrs=NOBODY),
    )
    driver_age = WholeNumber(
        label=gettext_lazy("Driver’s age"),
        required=False,
        min_value=YOUNGEST,
        max_value=OLDEST,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), gettext_lazy("Enter the driver’s age")
        ),
        widget=forms.TextInput(attrs=NOBODY),
    )
    field_order = (
        *(
            "start",
            "end",
            "pickup_time",
            "return_time",
            "pick_up",
            "drop_off",
            "car",
            "delivery",
            "delivery_address",
        ),
        *(
            "driver_age",
            "full_name",
            "phone",
            "email",
            "language",
            "special_requests",
            "silent",
            "override",
            "key",
        ),
    )

    def __init__(
        self, data: Any = None, *, extras: Iterable[Extra] = (), may_override: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        cars = Car.objects.exclude(status=Car.Status.RETIRED).order_by(*BY_NAME)
        self.fields["car"].queryset = cars  # type: ignore[attr-defined]
        for place in ("pick_up", "drop_off"):
            self.fields[place].queryset = Location.objects.all()  # type: ignore[attr-defined]
        if may_override:
            self.offer_adjustment(Adjustment.none())
            dress(self)
        else:
            del self.fields["override"]
        for name in TICKS:
            self.fields[name].widget.attrs.pop("class", None)
        self.extras = {f"extra_{extra.pk}": extra for extra in extras}
        for name, extra in self.extras.items():
            self.fields[name] = quantity_field(extra, most_of(extra))

    @property
    def extra_fields(self) -> list[forms.BoundField]:
        """How many of each extra that is left."""
        return [self[name] for name in self.extras]

    def clean(self) -> dict[str, Any]:
        """A range has its end after its beginning, a car changes hands only where it may, and somebody can be told."""
        cleaned = super().clean() or {}
        if cleaned.get("car"):
            refuse_places(self, cleaned["car"])
        self._clean_days(cleaned)
        for problem in of_delivery(cleaned["delivery"], cleaned.get("delivery_address", "")).values():
            self.add_error("delivery_address", problem)
        self._refuse_gone_extras()
        self.check_adjustment(cleaned)
        return cleaned

    def _clean_days(self, cleaned: dict[str, Any]) -> None:
        start, end = cleaned.get("start"), cleaned.get("end")
        if not (start and end):
            return
        try:
            cleaned["days"] = Days.parse(start, end)
        except Invalid as wrong:
            self.add_error("end", str(wrong.message))

    def _refuse_gone_extras(self) -> None:
        for name, number in self.data.items():
            asked = EXTRA.fullmatch(name)
            if asked and name not in self.extras and small_number(number):
                gone = Extra.objects.filter(pk=asked[1]).first()
                words = _("%(extra)s is not left on these days.")
                self.add_error(None, words % {"extra": gone.text if gone else _("The extra")})

    @property
    def asked(self) -> BookingRequest:
        """What was typed, on a form that is valid."""
        data, line = self.cleaned_data, self.adjustment
        counted = ((extra, data[name] or 0) for name, extra in self.extras.items())
        said = {name: data[name] for name in DETAILS & data.keys()}
        return BookingRequest(
            car=data["car"],
            days=data["days"],
            who=self.person,
            details=Details(**said, extras=tuple((extra, n) for extra, n in counted if n)),
            language=data["language"],
            source=Booking.Source.STAFF,
            override=data.get("override", ""),
            confirmed="confirm" in self.data,
            silent=data["silent"],
            adjustment=line if line and line.amount else None,
        )
