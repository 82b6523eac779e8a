"""What visitors type: filters of the catalogue, changes to a booking, a request for a new link."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.days import Days
from bookings.errors import Invalid
from cars.models import Car
from exodrive.formats import day_long

LONGEST_REQUEST = 2000  # characters of special requests, as in the API


class LinesField(forms.CharField):
    """A text with line breaks. Browsers send line ends of their own; they are no change and count once."""

    def to_python(self, value: Any) -> str:
        """With plain line ends."""
        return str(super().to_python(value)).replace("\r\n", "\n")


class SiteForm(forms.Form):
    """A form whose fields are named as in the page's links, and which can list its errors for the summary."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "%s", **kwargs})
        for field in self.fields.values():
            if not isinstance(field.widget, forms.HiddenInput):
                field.widget.attrs.setdefault("class", "input")

    @property
    def summary(self) -> list[tuple[str, str]]:
        """(id of the field, sentence) for every error, in the order of the fields."""
        names = [*self.fields, "__all__"]
        return [
            ("" if name == "__all__" else name, str(text))
            for name in names
            for text in self.errors.get(name, [])
        ]


class CatalogueForm(SiteForm):
    """Filters of the catalogue. Everything is optional; a filter that makes no sense is left out."""

    start = forms.CharField(required=False, max_length=10)
    end = forms.CharField(required=False, max_length=10)
    seats = forms.TypedChoiceField(label=gettext_lazy("Seats"), required=False, coerce=int, empty_value=None)
    gearbox = forms.ChoiceField(label=gettext_lazy("Gearbox"), required=False)
    max_price = forms.DecimalField(
        label=gettext_lazy("Highest price per day"),
        required=False,
        min_value=1,
        max_digits=9,
        decimal_places=2,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats = [(n, ngettext("%(n)d or more", "%(n)d or more", n) % {"n": n}) for n in (2, 4, 5, 7)]
        self.fields["seats"].choices = [("", _("Any number")), *seats]  # type: ignore[attr-defined]
        self.fields["gearbox"].choices = [("", _("Any gearbox")), *Car.Gearbox.choices]  # type: ignore[attr-defined]
        self.fields["max_price"].widget.attrs |= {"inputmode": "numeric", "step": "10"}

    def clean(self) -> dict[str, Any]:
        """`days` is set when both dates are given and make sense."""
        data = super().clean() or {}
        data["days"] = None
        if data.get("start") or data.get("end"):
            try:
                data["days"] = parse_days(data.get("start"), data.get("end"))
            except Invalid as error:
                self.add_error(*_first_field(error))
        return data

    @property
    def filters(self) -> dict[str, Any]:
        """Conditions on cars, for `QuerySet.filter`."""
        data = self.cleaned_data
        chosen = {
            "seats__gte": data.get("seats"),
            "gearbox": data.get("gearbox"),
            "daily_rate__lte": data.get("max_price"),
        }
        return {name: value for name, value in chosen.items() if value}


def parse_days(start: Any, end: Any) -> Days:
    """Days from two date fields. Raises Invalid with a sentence for the field to look at first."""
    if not (start and end):
        missing = "start" if not start else "end"
        raise Invalid.field(missing, _("Choose a pick-up day and a return day"))
    try:
        return Days.parse(start, end)
    except Invalid as error:
        if str(start) > str(end):
            first = Days.parse(start, start).start
            words = _("Return day must be the same as or after %(day)s") % {"day": day_long(first)}
            raise Invalid.field("end", words) from error
        raise


def _first_field(error: Invalid) -> tuple[str, str]:
    name, messages = next(iter(error.details["fields"].items()))
    return name, str(messages[0])


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


class PinForm(SiteForm):
    """A PIN, to be shown or to be set."""

    pin = forms.RegexField(
        r"^[0-9]{4,8}$",
        label=gettext_lazy("PIN"),
        help_text=gettext_lazy("4 to 8 digits"),
        error_messages={
            "required": gettext_lazy("Enter a PIN of 4 to 8 digits"),
            "invalid": gettext_lazy("Enter a PIN of 4 to 8 digits"),
        },
        widget=forms.PasswordInput({"inputmode": "numeric", "autocomplete": "off"}),
    )


class LinkForm(SiteForm):
    """Asks for a new link to a booking."""

    email = forms.EmailField(
        label=gettext_lazy("Email address"),
        help_text=gettext_lazy("The one you booked with"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Enter your email address"),
            "invalid": gettext_lazy("Enter an email address in the correct format, like name@example.com"),
        },
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
    )
    reference = forms.CharField(
        label=gettext_lazy("Booking reference"),
        help_text=gettext_lazy("It begins with EXO- and stands in every email about the booking"),
        max_length=20,
        error_messages={"required": gettext_lazy("Enter your booking reference")},
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )
